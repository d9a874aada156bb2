// The map of a long text: the whole matrix, pooled to its largest weights, with a frame that the person moves the window by.
const MAP_SIDE = 170 // px of the longer side

function drawMap(picture) {
  const { inks, start } = picture, { nRows: n, nColumns: m } = picture.weights
  const side = MAP_SIDE / Math.max(n, m), width = Math.max(40, m * side), height = Math.max(40, n * side)
  const g = sharp(picture.map, width, height)
  g.imageSmoothingEnabled = false
  g.drawImage(pooled(picture, Math.min(m, MAP_SIDE), Math.min(n, MAP_SIDE)), 0, 0, width, height)
  g.strokeStyle = inks.of("key")
  g.lineWidth = 2
  g.strokeRect((start[1] * width) / m, (start[0] * height) / n, (picture.nColumns * width) / m, (picture.nRows * height) / n)
}

function pooled(picture, wide, high) { // a canvas with a pixel for each block of cells: its largest share
  const { nRows: n, nColumns: m } = picture.weights
  const shares = new Float32Array(wide * high).fill(-1)
  for (let row = 0; row < n; row++) for (let column = 0; column < m; column++) {
    if (Number.isNaN(picture.weights.at(row, column))) continue
    const at = Math.floor((row * high) / n) * wide + Math.floor((column * wide) / m)
    const share = picture.isHidden(column) ? 0 : picture.share(row, column)
    if (share > shares[at]) shares[at] = share
  }
  const image = new ImageData(wide, high)
  shares.forEach((share, at) => { if (share >= 0) image.data.set([...picture.inks.mixed(share), 255], 4 * at) })
  const canvas = make("canvas")
  canvas.width = wide
  canvas.height = high
  canvas.getContext("2d").putImageData(image, 0, 0)
  return canvas
}

function listenOnMap(picture) {
  const { map } = picture
  map.onpointerdown = (event) => { map.setPointerCapture(event.pointerId); travel(picture, event) }
  map.onpointermove = (event) => { if (event.buttons) travel(picture, event) }
  map.onkeydown = (event) => {
    const by = { ArrowUp: [-8, 0], ArrowDown: [8, 0], ArrowLeft: [0, -8], ArrowRight: [0, 8] }[event.key]
    if (!by) return
    event.preventDefault()
    moveTo(picture, picture.start[0] + by[0], picture.start[1] + by[1])
  }
}

function travel(picture, event) { // the window's middle comes under the pointer
  const box = picture.map.getBoundingClientRect()
  moveTo(
    picture,
    ((event.clientY - box.top) / box.height) * picture.weights.nRows - picture.nRows / 2,
    ((event.clientX - box.left) / box.width) * picture.weights.nColumns - picture.nColumns / 2,
  )
}

function moveTo(picture, row, column) {
  picture.start = picture.within(Math.round(row), Math.round(column))
  picture.hover = null
  picture.draw()
}
