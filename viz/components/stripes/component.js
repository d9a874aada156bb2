// Vectors as stripes: one row a token, one cell a number. data: {label, rows: [{label, values}], limit}
// Colours: blue below zero, orange above; full colour at ±limit, which is printed.
export default function ({ data, parentElement }) {
  const picture = parentElement.querySelector(".stripes")
  picture.setAttribute("aria-label", data.label)
  picture.replaceChildren(...data.rows.flatMap((row) => {
    const label = document.createElement("bdi")
    label.className = "label"
    label.dir = "auto"
    label.textContent = row.label
    const cells = document.createElement("div")
    cells.className = "cells"
    cells.append(...row.values.map((value, index) => {
      const cell = document.createElement("div")
      cell.className = "cell"
      cell.style.setProperty("--hue", value < 0 ? "var(--ts-negative)" : "var(--ts-positive)")
      cell.style.setProperty("--size", Math.min(Math.abs(value) / data.limit, 1))
      cell.title = `${index}: ${value.toFixed(3)}`
      return cell
    }))
    return [label, cells]
  }))
  parentElement.querySelector(".low").textContent = `−${data.limit.toFixed(2)}`
  parentElement.querySelector(".high").textContent = `+${data.limit.toFixed(2)}`
}
