// A ledger of tokens with aligned numbers, a bar in each row, and what the rows leave out in the last line.
// data: {caption, columns: {rank, token, logit, p, scale, ln_p, cumulative}, scale_end, rows: [row], pinned: row | null,
//   sizes: [n], sizes_label, others: [{text, p}] (one a size), mark, detail_names: [text], hint}
// row: {rank, label, logit, p, share, ln_p, cumulative, followed, details: [text]}; all numbers are text but `share` (0…1).
// Everything happens here: nothing is sent back. Arrow keys move between rows, Enter or space opens a row.
const COLUMNS = ["rank", "token", "bar", "p", "logit", "ln_p", "cumulative"]
const ROOM = { logit: "wide", cumulative: "wide", ln_p: "middle" } // the screen they need; a row's details have them too

function element(tag, className, text) {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

function cell(tag, column, text) {
  return element(tag, `${column} ${ROOM[column] ?? ""}`, text)
}

function head(data) {
  const row = element("tr")
  for (const column of COLUMNS) {
    const th = cell("th", column, column === "bar" ? undefined : data.columns[column])
    th.scope = "col"
    if (column === "bar") {
      const ends = element("span", "ends")
      ends.append(element("span", "", "0"), element("span", "", data.scale_end))
      th.append(element("span", "visually-hidden", data.columns.scale), ends)
    }
    row.append(th)
  }
  return row
}

function bodyRow(row, data) {
  const tr = element("tr", row.followed ? "row followed" : "row")
  for (const column of COLUMNS) {
    const td = cell("td", column, column in row ? row[column] : undefined)
    if (column === "token") {
      const name = element("button", "name")
      name.type = "button"
      name.tabIndex = -1
      name.setAttribute("aria-expanded", "false")
      const text = element("bdi", "", row.label)
      text.dir = "auto"
      name.append(text)
      td.append(name)
      if (row.followed) td.append(element("span", "mark", `◀ ${data.mark}`))
    } else if (column === "bar") {
      const track = element("span", "track")
      const fill = element("span", "fill")
      fill.style.width = `${100 * row.share}%`
      track.append(fill)
      td.append(track)
    }
    tr.append(td)
  }
  return tr
}

function detailsRow(row, data) {
  const tr = element("tr", "details")
  tr.hidden = true
  const td = element("td")
  td.colSpan = COLUMNS.length
  const list = element("dl")
  row.details.forEach((value, i) => {
    const pair = element("div")
    pair.append(element("dt", "", data.detail_names[i]), element("dd", "", value))
    list.append(pair)
  })
  td.append(list)
  tr.append(td)
  return tr
}

function gapRow() {
  const tr = element("tr", "gap")
  const td = element("td", "", "⋮")
  td.colSpan = COLUMNS.length
  tr.append(td)
  return tr
}

function drawBody(root, data, size) {
  const shown = data.rows.slice(0, size)
  const rest = data.pinned && !shown.some((row) => row.followed) ? [data.pinned] : []
  const lines = shown.flatMap((row) => [bodyRow(row, data), detailsRow(row, data)])
  if (rest.length) lines.push(gapRow(), bodyRow(rest[0], data), detailsRow(rest[0], data))
  const body = root.querySelector("tbody")
  body.replaceChildren(...lines)
  const names = [...body.querySelectorAll(".name")]
  if (names.length) names[0].tabIndex = 0
  const toggle = (tr) => {
    const button = tr.querySelector(".name")
    const open = button.getAttribute("aria-expanded") !== "true"
    button.setAttribute("aria-expanded", String(open))
    tr.nextElementSibling.hidden = !open
    names.forEach((name) => { name.tabIndex = name === button ? 0 : -1 })
  }
  body.onclick = (event) => { const tr = event.target.closest("tr.row"); if (tr) toggle(tr) }
  body.onkeydown = (event) => {
    const now = names.indexOf(event.target)
    const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: names.length - 1 }[event.key]
    if (now < 0 || next === undefined) return
    event.preventDefault()
    if (!names[next]) return
    names.forEach((name, i) => { name.tabIndex = i === next ? 0 : -1 })
    names[next].focus()
  }
  const others = data.others[data.sizes.indexOf(size)]
  const foot = element("tr")
  const label = element("th", "token", others.text)
  label.colSpan = 2
  label.scope = "row"
  const empty = COLUMNS.slice(4).map((column) => cell("td", column))
  foot.append(label, element("td", "bar"), element("td", "p", others.p), ...empty)
  root.querySelector("tfoot").replaceChildren(...(others.text ? [foot] : []))
}

export default function ({ data, parentElement }) {
  const root = parentElement
  const state = (root.__ledger ??= { size: data.sizes[0] })
  if (!data.sizes.includes(state.size)) state.size = data.sizes[0]
  root.querySelector("caption").textContent = data.caption
  root.querySelector("thead").replaceChildren(head(data))
  root.querySelector(".hint").textContent = data.hint
  const tools = root.querySelector(".tools")
  tools.setAttribute("aria-label", data.sizes_label)
  tools.hidden = data.sizes.length < 2
  root.querySelector(".caption").textContent = data.sizes_label
  const buttons = data.sizes.map((size) => {
    const button = element("button", "", String(size))
    button.type = "button"
    button.setAttribute("aria-pressed", String(size === state.size))
    button.onclick = () => {
      state.size = size
      buttons.forEach((other, i) => other.setAttribute("aria-pressed", String(data.sizes[i] === size)))
      drawBody(root, data, size)
    }
    return button
  })
  root.querySelector(".sizes").replaceChildren(...buttons)
  drawBody(root, data, state.size)
}
