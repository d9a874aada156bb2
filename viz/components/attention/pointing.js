// What the pointer or the arrow keys are on in the picture, and the choice of a row.
function listenOnPicture(picture) {
  const { canvas } = picture
  canvas.onpointermove = (event) => look(picture, cellUnder(picture, event))
  canvas.onpointerleave = () => look(picture, null)
  canvas.onclick = (event) => { look(picture, cellUnder(picture, event)); choose(picture) }
  canvas.onkeydown = (event) => press(picture, event)
}

function look(picture, cell) {
  if (String(cell) === String(picture.hover)) return
  picture.hover = cell
  picture.draw()
}

function choose({ hover, data, send }) { if (hover && hover[0] !== data.focus) send("focus", hover[0]) }

function cellUnder(picture, event) { // [row, column], null beside the picture; beside the cells of a row its largest weight
  const { start, nRows, nColumns } = picture, box = picture.canvas.getBoundingClientRect()
  const x = event.clientX - box.left, i = Math.floor((event.clientY - box.top - picture.above) / picture.cell)
  if (i < 0 || i >= Math.max(nRows, nColumns)) return null
  const favourite = () => [start[0] + i, picture.favourite(start[0] + i)]
  if (picture.view.picture === "arcs") {
    if (x < (picture.left + picture.right) / 2) return i < nRows ? favourite() : null
    return i < nColumns ? [picture.hover ? picture.hover[0] : picture.data.focus, start[1] + i] : null
  }
  if (i >= nRows) return null
  const j = clamp(Math.floor((x - picture.left) / picture.cell), -1, nColumns - 1)
  return j < 0 ? favourite() : [start[0] + i, start[1] + j]
}

function press(picture, event) {
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); return choose(picture) }
  const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key]
  if (!by) return
  event.preventDefault()
  const [row, column] = picture.lookedAt(), { nRows, nColumns } = picture.weights
  const next = [clamp(row + by[0], 0, nRows - 1), clamp(column + by[1], 0, nColumns - 1)]
  const shown = [picture.nRows, picture.nColumns]
  picture.start = picture.start.map((start, at) => clamp(start, next[at] - shown[at] + 1, next[at])) // the window follows
  look(picture, next)
}
