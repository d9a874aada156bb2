// One query token's attention worked through, a row a key. Bytes of viz/wire.py: header {query, rows: [label], d_head, d_value, rest,
// has_bias, highest, words}; q [d], k [row, d], v [row, d], out [d], products [row], scaled [row], scores [row], weights [row] float32.
// Rows are those shown; header.rest = {n, weight} stands for the others. Pointing at a row or the arrow keys tell where its numbers come from.
const SHOWN_PRODUCTS = 3

function stripes(root, values, role, limit, share = 1) {
  const canvas = make("canvas")
  canvas.width = values.length
  canvas.height = 1
  const ground = root.colours.raised, picture = new ImageData(values.length, 1)
  values.forEach((value, i) => {
    const ink = root.colours[value < 0 ? "negative" : role]
    const amount = Math.min(Math.abs(value) / limit, 1) * share
    for (let c = 0; c < 3; c++) picture.data[4 * i + c] = ground[c] + amount * (ink[c] - ground[c])
    picture.data[4 * i + 3] = 255
  })
  canvas.getContext("2d").putImageData(picture, 0, 0)
  canvas.setAttribute("aria-hidden", "true")
  return canvas
}

const cell = (content, className, tag = "td") => {
  const element = make(tag, undefined, className)
  element.append(content)
  return element
}
const named = (element, name) => { // what a narrow screen writes before the number, where the table's head has no room
  element.dataset.name = name
  return element
}
const decimal = (x) => number(x, 2).replace("-", "\u2212")
const row = (array, i, d) => array.subarray(i * d, (i + 1) * d)
const largest = (array) => array.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-9)

function headLine(data) {
  const { words } = data
  const line = make("tr")
  const heading = (text, stage, className) => {
    const th = make("th", undefined, className)
    th.scope = "col"
    if (stage) th.append(make("span", String(stage), "stage"))
    th.append(text)
    return th
  }
  line.append(heading(words.key_token, 0, "token"), heading(words.key, 1, "vector head-key"), heading(words.product, 2), heading(words.scaled, 3))
  if (data.has_bias) line.append(heading(words.score, 3))
  line.append(heading(words.weight, 4, "weight"), heading(words.value, 5, "vector head-value"))
  return line
}

function queryLine(root, data) {
  const line = make("tr", undefined, "query-row")
  const name = cell(isolated(data.query), "token", "th")
  name.scope = "row"
  const note = make("td", data.words.query, "note")
  note.colSpan = data.has_bias ? 5 : 4
  line.append(name, cell(stripes(root, data.q, "query", largest(data.q)), "vector"), note)
  return line
}

function weightCell(weight, name) {
  const bar = make("span", undefined, "bar"), track = make("span", undefined, "track"), fillBar = make("span", undefined, "fill")
  fillBar.style.width = `${100 * weight}%`
  track.append(fillBar)
  bar.append(track, make("span", percent(weight), "number"))
  return named(cell(bar, "weight"), name)
}

function keyLine(root, data, i) {
  const { words } = data, d = data.d_head, line = make("tr")
  line.append(
    cell(isolated(data.rows[i]), "token", "th"),
    named(cell(stripes(root, row(data.k, i, d), "key", root.limits.k), "vector"), words.key),
    named(make("td", decimal(data.products[i])), words.product),
    named(make("td", decimal(data.scaled[i])), words.scaled),
  )
  if (data.has_bias) line.append(named(make("td", decimal(data.scores[i])), words.score))
  const value = stripes(root, row(data.v, i, data.d_value), "value", root.limits.v, 0.25 + 0.75 * data.weights[i])
  line.append(weightCell(data.weights[i], words.weight), named(cell(value, "vector"), words.value))
  line.tabIndex = i === root.chosen ? 0 : -1
  line.setAttribute("aria-selected", String(i === root.chosen))
  line.onpointerenter = () => tell(root, i)
  line.onclick = () => choose(root, i)
  return line
}

function footLines(root, data) {
  const lines = []
  const span = data.has_bias ? 5 : 4
  if (data.rest.n) {
    const line = make("tr", undefined, "rest")
    const name = make("th", fill(data.words.rest, { n: data.rest.n }), "token")
    name.colSpan = span
    line.append(name, weightCell(data.rest.weight, data.words.weight), make("td"))
    lines.push(line)
  }
  const sum = make("tr")
  const name = make("th", data.words.sum, "token")
  name.colSpan = span
  sum.append(name, named(make("td", percent(1), "weight"), data.words.weight), cell(stripes(root, data.out, "value", largest(data.out)), "vector"))
  return [...lines, sum]
}

function tell(root, i) { // where this row's numbers come from
  const { data } = root, d = data.d_head, key = row(data.k, i, d)
  const order = [...data.q.keys()].sort((a, b) => Math.abs(data.q[b] * key[b]) - Math.abs(data.q[a] * key[a])).slice(0, SHOWN_PRODUCTS)
  const terms = order.map((j) => `${decimal(data.q[j])}·${decimal(key[j])} = ${decimal(data.q[j] * key[j])}`).join(";  ")
  root.querySelector(".readout").textContent = fill(data.words.says, {
    key: data.rows[i], product: decimal(data.products[i]), n: d, terms, scaled: decimal(data.scaled[i]),
    score: decimal(data.scores[i]), power: decimal(Math.exp(data.scores[i] - root.highest)), weight: percent(data.weights[i]),
  })
}

function choose(root, i) {
  root.chosen = i
  root.querySelectorAll("tbody tr:not(.query-row)").forEach((line, at) => {
    line.tabIndex = at === i ? 0 : -1
    line.setAttribute("aria-selected", String(at === i))
  })
  tell(root, i)
}

export default function ({ data: bytes, parentElement: root }) {
  const data = unpack(bytes)
  root.data = data
  root.colours = Object.fromEntries(["raised", "negative", "query", "key", "value"].map((role) => [role, colour(root, role)]))
  root.limits = { k: largest(data.k), v: largest(data.v) }
  root.highest = data.highest
  root.chosen = data.weights.indexOf(Math.max(...data.weights))
  root.querySelector(".stages").replaceChildren(...data.words.stages.map((text) => make("li", text)))
  root.querySelector("thead").replaceChildren(headLine(data))
  const body = root.querySelector("tbody")
  body.replaceChildren(queryLine(root, data), ...data.rows.map((_, i) => keyLine(root, data, i)))
  root.querySelector("tfoot").replaceChildren(...footLines(root, data))
  root.querySelector("table").setAttribute("aria-label", data.words.label)
  body.onpointerleave = () => tell(root, root.chosen)
  body.onkeydown = (event) => {
    const next = root.chosen + ({ ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0)
    if (next === root.chosen || next < 0 || next >= data.rows.length) return
    event.preventDefault()
    choose(root, next)
    body.children[next + 1].focus()
  }
  tell(root, root.chosen)
}
