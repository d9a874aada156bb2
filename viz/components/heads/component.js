// All heads as small pictures, in their layers or sorted by what they do. Bytes of viz/wire.py: header {n_layers, n_heads, side,
// chosen: [layer, head], label, words, orders: [{key, label, about, digits}], what: [[text]]}, thumbs [layer, head, side, side] uint8
// (0 … 254 share of the head's largest weight, 255 where nobody may look), scores [order, layer, head] float32 (nan: not known).
// Sends the trigger "head" with [layer, head]. Arrow keys move, Enter or space chooses.
const MASKED = 255

function image(data, index, ground, ink) {
  const { side } = data
  const picture = new ImageData(side, side)
  for (let i = 0; i < side * side; i++) {
    const value = data.thumbs[index * side * side + i]
    if (value === MASKED) continue
    for (let c = 0; c < 3; c++) picture.data[4 * i + c] = ground[c] + (value / 254) * (ink[c] - ground[c])
    picture.data[4 * i + 3] = 255
  }
  return picture
}

function headElement(root, layer, head, caption) {
  const { data } = root.heads
  const button = make("button", undefined, "head")
  button.type = "button"
  button.setAttribute("role", "option")
  button.dataset.at = `${layer}.${head}`
  const canvas = make("canvas")
  canvas.width = canvas.height = data.side
  canvas.getContext("2d").putImageData(image(data, layer * data.n_heads + head, root.heads.ground, root.heads.ink), 0, 0)
  const what = data.what[layer][head]
  button.append(canvas, make("span", caption, "what"))
  button.setAttribute("aria-label", fill(data.words.name, { layer, head }) + (what ? `: ${what}` : ""))
  button.title = button.getAttribute("aria-label")
  button.onclick = () => root.heads.choose(layer, head)
  return button
}

function drawByLayer(root, box) {
  const { data } = root.heads
  box.append(...Array.from({ length: data.n_layers }, (_, layer) => {
    const line = make("div", undefined, "layer")
    line.append(make("span", fill(data.words.layer, { layer }), "name"))
    for (let head = 0; head < data.n_heads; head++) line.append(headElement(root, layer, head, data.what[layer][head] || `${layer}.${head}`))
    return line
  }))
}

// Its place among the orders; -1: by layer. An order is remembered by its key, for another text may have others.
function placeOf(data, order) {
  return data.orders.findIndex((one) => one.key === order)
}

function drawRanked(root, box, order) {
  const { data } = root.heads
  const count = data.n_layers * data.n_heads
  const score = (i) => data.scores[order * count + i]
  const ranked = Array.from({ length: count }, (_, i) => i).filter((i) => !Number.isNaN(score(i))).sort((a, b) => score(b) - score(a))
  box.append(...ranked.map((i) => {
    const layer = Math.floor(i / data.n_heads), head = i % data.n_heads
    return headElement(root, layer, head, `${layer}.${head} · ${number(score(i), data.orders[order].digits)}`)
  }))
}

function draw(root) {
  const { data } = root.heads
  const order = placeOf(data, root.heads.order)
  const box = root.querySelector(".heads")
  const scrolled = [box.scrollTop, box.scrollLeft]
  box.replaceChildren()
  box.classList.toggle("ranked", order >= 0)
  box.setAttribute("aria-label", data.label)
  if (order < 0) drawByLayer(root, box)
  else drawRanked(root, box, order)
  box.scrollTop = scrolled[0]
  box.scrollLeft = scrolled[1]
  root.querySelector(".about").textContent = order < 0 ? data.words.about : data.orders[order].about
  mark(root)
}

function mark(root) {
  const chosen = root.heads.data.chosen.join(".")
  for (const button of root.querySelectorAll(".head")) {
    button.setAttribute("aria-selected", String(button.dataset.at === chosen))
    button.tabIndex = button.dataset.at === chosen ? 0 : -1
  }
}

function drawOrders(root) {
  const { data, order } = root.heads
  const options = { by_layer: data.words.by_layer, ...Object.fromEntries(data.orders.map((one) => [one.key, one.label])) }
  radios(root.querySelector(".order"), data.words.order, options, order, (name) => {
    root.heads.order = name
    draw(root)
  })
}

function onKey(root, event) {
  const buttons = [...root.querySelectorAll(".head")]
  const now = buttons.indexOf(event.target)
  const wide = placeOf(root.heads.data, root.heads.order) < 0 ? root.heads.data.n_heads : 1
  const next = { ArrowRight: now + 1, ArrowLeft: now - 1, ArrowDown: now + wide, ArrowUp: now - wide, Home: 0, End: buttons.length - 1 }[event.key]
  if (now < 0 || next === undefined || !buttons[next]) return
  event.preventDefault()
  buttons.forEach((button, i) => { button.tabIndex = i === next ? 0 : -1 })
  buttons[next].focus()
}

export default function ({ data: bytes, parentElement: root, setTriggerValue }) {
  const data = unpack(bytes)
  const before = root.heads
  root.heads = {
    data,
    order: before && placeOf(data, before.order) >= 0 ? before.order : "by_layer",
    ground: colour(root, "raised"),
    ink: colour(root, "probability"),
    choose: (layer, head) => {
      root.heads.data.chosen = [layer, head]
      mark(root)
      setTriggerValue("head", [layer, head])
    },
  }
  const same = before && before.data.version === data.version && String(before.ink) === String(root.heads.ink)
  if (same) return mark(root) // only another head was chosen
  drawOrders(root)
  draw(root)
  root.querySelector(".heads").onkeydown = (event) => onKey(root, event)
}
