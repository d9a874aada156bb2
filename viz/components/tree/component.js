// A tree from left to right, a column a token. data: {nodes: [{id, parent, label, edge, state, leaf, now, way}], label, legend, title, clickable}
// `edge` is the probability of the step, `leaf` the number at an end; `way` marks the path that is followed, `now` its end.
// Sends the trigger "go" with the id of a node.
const REM = () => parseFloat(getComputedStyle(document.documentElement).fontSize)
const WIDTH = 7.1, HEIGHT = 3.4, MIDDLE = 1.95 // rem: a column, a row, and where in a row the line runs

function places(nodes) { // each end gets a row, each parent stands level with its first child
  const children = new Map(nodes.map(({ id }) => [id, []])), at = new Map(), root = nodes.find(({ parent }) => parent === null)
  for (const node of nodes) if (node.parent !== null) children.get(node.parent).push(node.id)
  let row = 0, deepest = 0
  const stack = [[root.id, 0]]
  while (stack.length) {
    const [id, depth] = stack.pop(), below = children.get(id)
    at.set(id, { depth, row })
    deepest = Math.max(deepest, depth)
    if (!below.length) row++
    for (const child of [...below].reverse()) stack.push([child, depth + 1])
  }
  return { at, rows: row, columns: deepest + 1 }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const { nodes } = data, rem = REM(), { at, rows, columns } = places(nodes)
  const x = (id) => at.get(id).depth * WIDTH * rem, y = (id) => at.get(id).row * HEIGHT * rem
  const plane = parentElement.querySelector(".plane"), box = parentElement.querySelector(".scroll")
  plane.style.width = `${(columns * WIDTH + 3.5) * rem}px`
  plane.style.height = `${rows * HEIGHT * rem}px`
  const lines = nodes.filter(({ parent }) => parent !== null).map(({ id, parent, state, way }) => {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path"), middle = MIDDLE * rem
    const from = [x(parent) + 2 * rem, y(parent) + middle], to = [x(id) + 0.2 * rem, y(id) + middle], bend = x(id) - 0.55 * rem
    line.setAttribute("d", `M${from}H${bend - 4}C${bend},${from[1]} ${bend},${to[1]} ${bend + 4},${to[1]}H${to[0]}`)
    line.setAttribute("class", `${way ? "way" : ""} ${state === "dropped" ? "dropped" : ""}`)
    return [way, line]
  })
  parentElement.querySelector("svg").replaceChildren(...lines.sort((a, b) => a[0] - b[0]).map(([, line]) => line))
  const list = parentElement.querySelector(".nodes")
  list.setAttribute("aria-label", data.label)
  fillRoving(list, nodes.map((node) => {
    const made = make(data.clickable ? "button" : "div", undefined, ["node", node.state, node.now && "now", node.way && "way", !data.clickable && "still"].filter(Boolean).join(" "))
    if (data.clickable) { made.type = "button"; made.onclick = () => setTriggerValue("go", node.id) }
    made.setAttribute("role", "treeitem")
    made.setAttribute("aria-level", at.get(node.id).depth + 1)
    made.setAttribute("aria-selected", String(Boolean(node.now)))
    made.style.left = `${x(node.id)}px`
    made.style.top = `${y(node.id)}px`
    const label = isolated(node.label)
    label.className = "label"
    label.title = node.label
    made.append(make("span", node.edge, "edge"), label)
    if (node.leaf) made.append(make("span", node.leaf, "leaf"))
    return made
  }), nodes.findIndex((node) => node.now))
  parentElement.querySelector(".legend").textContent = data.legend
  const now = nodes.find((node) => node.now)
  if (now) {
    box.scrollLeft = x(now.id) - box.clientWidth * 0.6
    box.scrollTop = y(now.id) - box.clientHeight / 2
  }
}
