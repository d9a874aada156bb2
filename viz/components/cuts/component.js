// The same text through several tokenizers, one row each. data: {rows: [{title, note, n, reason, unit, chips: [{label, ids}], more}]}

function chipElement({ label, ids }) {
  const chip = make("span", undefined, "chip")
  const text = make("bdi", label, "text")
  text.dir = "auto"
  chip.append(text)
  if (ids.length) chip.append(make("span", ids.join(" "), "ids"))
  return chip
}

function rowElement(row) {
  const box = make("div", undefined, row.reason ? "cut off" : "cut")
  const name = make("div", row.title, "name")
  name.append(make("small", row.note))
  const count = make("div", row.reason ? "–" : number(row.n), "n")
  if (!row.reason) count.append(make("small", row.unit))
  box.append(name, count)
  if (row.reason) box.append(make("p", row.reason, "reason"))
  else {
    const chips = make("div", undefined, "chips")
    chips.append(...row.chips.map(chipElement))
    if (row.more) chips.append(make("span", row.more, "hidden"))
    box.append(chips)
    requestAnimationFrame(() => chips.classList.toggle("long", chips.scrollHeight > chips.clientHeight + 4))
  }
  return box
}

export default function ({ data, parentElement }) {
  parentElement.querySelector(".cuts").replaceChildren(...data.rows.map(rowElement))
}
