// One head's attention as a matrix or as arcs. Bytes of viz/wire.py: header {rows, columns, focus, same, is_share, label, words},
// spans [row, (first column, numbers)] int32 and weights float32, those numbers row after row, nan where a token may not look, as
// outside its span; with is_share they are shares of 1, else lengths. Everything but a choice of another row happens here: the views,
// the scales, what the pointer or the arrow keys are on. Sends the trigger "focus" with the row that was chosen.
const WINDOW = 48 // tokens a side that can still be read; longer texts get a map to move in
const NUMBERS_FROM = 27 // px a cell needs for a number
const LOG_FLOOR = 4 // decades

const clip = (text, n) => ([...text].length > n ? [...text].slice(0, n - 1).join("") + "…" : text)

function matrix({ rows, columns, spans, weights }) { // [row, column] with nan outside the spans
  const all = new Float32Array(rows.length * columns.length).fill(NaN)
  let at = 0
  rows.forEach((_, row) => {
    const [first, n] = spans.subarray(2 * row, 2 * row + 2)
    all.set(weights.subarray(at, at + n), row * columns.length + first)
    at += n
  })
  return all
}

class Picture {
  constructor(root) {
    this.root = root
    this.canvas = root.querySelector(".picture")
    this.map = root.querySelector(".overview")
    this.view = { picture: "matrix", scale: "row", hide: false }
    this.hover = null
    this.canvas.onpointermove = (event) => this.point(event)
    this.canvas.onpointerleave = () => this.look(null)
    this.canvas.onclick = (event) => { this.point(event); this.choose() }
    this.canvas.onkeydown = (event) => this.key(event)
    this.map.onpointerdown = (event) => { this.map.setPointerCapture(event.pointerId); this.travel(event) }
    this.map.onpointermove = (event) => { if (event.buttons) this.travel(event) }
    this.map.onkeydown = (event) => this.mapKey(event)
    root.querySelector(".hide input").onchange = (event) => { this.view.hide = event.target.checked; this.draw() }
    this.observer = new ResizeObserver(() => this.draw())
    this.observer.observe(root.querySelector(".stage"))
  }

  update(data, send) {
    const grown = !this.data || this.data.rows.length !== data.rows.length || this.data.columns.length !== data.columns.length
    this.data = data
    this.send = send
    if (grown) { this.hover = null; this.start = null }
    this.readColours()
    this.drawControls()
    this.measure()
    this.place()
    this.draw()
  }

  readColours() {
    const roles = ["raised", "probability", "text", "muted", "line", "query", "key"]
    this.inks = Object.fromEntries(roles.map((role) => [role, colour(this.root, role)]))
    this.isDark = this.inks.raised[0] < 128
    const style = getComputedStyle(this.root.querySelector(".stage"))
    this.size = parseFloat(style.fontSize)
    this.mono = style.getPropertyValue("--st-code-font") || "monospace"
    this.sans = style.fontFamily
  }

  drawControls() {
    const { words } = this.data
    const radio = (selector, label, options, key) =>
      radios(this.root.querySelector(selector), label, options, this.view[key], (name) => { this.view[key] = name; this.draw() })
    radio(".views", words.view, { matrix: words.matrix, arcs: words.arcs }, "picture")
    radio(".scales", words.scale, { row: words.by_row, all: words.by_all, log: words.by_log }, "scale")
    this.root.querySelector(".hide span").textContent = words.hide
    this.root.querySelector(".hide input").checked = this.view.hide
    this.root.querySelector(".map-words").textContent = words.map
    this.canvas.setAttribute("aria-label", this.data.label)
    this.map.setAttribute("aria-label", words.map)
  }

  weight(row, column) { return this.data.weights[row * this.data.columns.length + column] }

  measure() { // the largest weight of each row and of all, with and without the first token
    const n = this.data.rows.length, m = this.data.columns.length
    this.most = [new Float32Array(n), new Float32Array(n)]
    this.top = [0, 0]
    for (let row = 0; row < n; row++) {
      for (let column = 0; column < m; column++) {
        const weight = this.weight(row, column)
        if (weight > this.most[0][row]) this.most[0][row] = weight
        if (column > 0 && weight > this.most[1][row]) this.most[1][row] = weight
      }
      for (const i of [0, 1]) this.top[i] = Math.max(this.top[i], this.most[i][row])
    }
  }

  place() { // the window of a long text: where the person moved it, else around the row in focus
    const n = this.data.rows.length, m = this.data.columns.length
    this.rows = Math.min(n, WINDOW)
    this.columns = Math.min(m, WINDOW)
    this.isLong = n > WINDOW || m > WINDOW
    if (!this.start || this.focused !== this.data.focus) {
      const first = this.data.focus - this.rows + Math.ceil(this.rows / 4)
      this.start = [clamp(first, 0, n - this.rows), clamp(this.data.same ? first : 0, 0, m - this.columns)]
    }
    this.focused = this.data.focus
  }

  share(row, column) { // 0 … 1 on the scale that is chosen
    const weight = this.weight(row, column), i = this.view.hide ? 1 : 0
    if (this.view.scale === "log") return weight > 0 ? clamp(1 + Math.log10(weight) / LOG_FLOOR, 0, 1) : 0
    const most = this.view.scale === "row" ? this.most[i][row] : this.top[i]
    return most > 0 ? Math.min(weight / most, 1) : 0
  }

  amount(weight) { return this.data.is_share ? percent(weight) : number(weight, weight < 0.995 ? 3 : 2) }
  inCell(weight) { // percent without its sign, or a length; a dot for what is too small to write
    const value = this.data.is_share ? 100 * weight : weight
    return this.data.is_share ? (value >= 0.5 ? value.toFixed(0) : value > 0 ? "·" : "0") : value >= 0.05 ? value.toFixed(1) : "·"
  }
  isHidden(column) { return this.view.hide && column === 0 }
  mixed(share) { return this.inks.raised.map((c, i) => Math.round(c + share * (this.inks.probability[i] - c))) }
  ink(role, alpha = 1) { return `rgba(${this.inks[role].join(",")},${alpha})` }

  prepare(canvas, width, height) {
    const ratio = devicePixelRatio || 1
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
    const g = canvas.getContext("2d")
    g.setTransform(ratio, 0, 0, ratio, 0, 0)
    g.textBaseline = "middle"
    return g
  }

  draw() {
    if (!this.data) return
    const width = this.root.querySelector(".stage").clientWidth
    if (!width) return
    this.root.querySelector(".map").hidden = !this.isLong
    this.room = Math.max(220, this.isLong && width > 700 ? width - 200 : width)
    const font = Math.min(this.size * 0.9, 20)
    const g = this.canvas.getContext("2d")
    g.font = `${font}px ${this.mono}`
    const measure = (labels, start, count) =>
      Math.max(...labels.slice(start, start + count).map((label) => g.measureText(clip(label, 12)).width), 10)
    this.left = Math.min(measure(this.data.rows, this.start[0], this.rows) + 12, this.room / 3)
    this.above = measure(this.data.columns, this.start[1], this.columns) + 12
    if (this.view.picture === "matrix") this.drawMatrix(font)
    else this.drawArcs(font)
    if (this.isLong) this.drawMap()
    this.drawScale()
    this.say()
  }

  drawMatrix(font) {
    const title = font * 1.5
    this.above += title
    this.cell = clamp((this.room - this.left - title - 4) / this.columns, 4, 50)
    this.left += title
    const g = this.prepare(this.canvas, this.left + this.cell * this.columns + 4, this.above + this.cell * this.rows + 4)
    this.drawTitles(g, font)
    const numbers = this.cell >= NUMBERS_FROM
    const gap = this.cell > 12 ? 1 : 0
    for (let i = 0; i < this.rows; i++) {
      for (let j = 0; j < this.columns; j++) {
        const row = this.start[0] + i, column = this.start[1] + j, weight = this.weight(row, column)
        if (Number.isNaN(weight)) continue // what may not be seen is a gap
        const x = this.left + j * this.cell, y = this.above + i * this.cell, side = this.cell - gap
        if (this.isHidden(column)) { this.hatch(g, x, y, side); continue }
        const share = this.share(row, column)
        g.fillStyle = `rgb(${this.mixed(share).join(",")})`
        g.fillRect(x, y, side, side)
        if (gap) { g.strokeStyle = this.ink("line"); g.lineWidth = 1; g.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1) }
        if (!numbers) continue
        const isDeep = share > (this.isDark ? DEEP.dark : DEEP.light)
        g.fillStyle = isDeep === this.isDark ? "#000" : "#fff"
        g.font = `${Math.min(this.cell * 0.38, font)}px ${this.sans}`
        g.textAlign = "center"
        g.fillText(this.inCell(weight), x + side / 2, y + side / 2 + 0.5)
      }
    }
    this.drawLabels(g, font)
    this.outline(g, this.data.focus - this.start[0], null, "query", 2)
    if (this.hover) this.outline(g, this.hover[0] - this.start[0], this.hover[1] - this.start[1], "text", 2)
  }

  drawTitles(g, font) {
    g.fillStyle = this.ink("muted")
    g.font = `${font * 0.92}px ${this.sans}`
    g.textAlign = "start"
    g.fillText(`${this.data.words.to} →`, this.left, font * 0.6)
    g.save()
    g.translate(font * 0.6, this.above)
    g.rotate(-Math.PI / 2)
    g.textAlign = "end"
    g.fillText(`← ${this.data.words.from}`, 0, 0)
    g.restore()
  }

  drawLabels(g, font) {
    const size = Math.min(font, Math.max(this.cell * 0.95, 7))
    g.font = `${size}px ${this.mono}`
    const on = (at, i) => this.hover && this.hover[at] === this.start[at] + i
    for (let i = 0; i < this.rows; i++) {
      const row = this.start[0] + i
      g.fillStyle = this.ink(row === this.data.focus ? "query" : on(0, i) ? "text" : "muted")
      g.font = `${row === this.data.focus || on(0, i) ? "bold " : ""}${size}px ${this.mono}`
      g.textAlign = "end"
      g.fillText(clip(this.data.rows[row], 12), this.left - 6, this.above + (i + 0.5) * this.cell, this.left - 10)
    }
    for (let j = 0; j < this.columns; j++) {
      g.save()
      g.translate(this.left + (j + 0.5) * this.cell, this.above - 6)
      g.rotate(-Math.PI / 2)
      g.textAlign = "start"
      g.fillStyle = this.ink(on(1, j) ? "text" : "muted")
      g.font = `${on(1, j) ? "bold " : ""}${size}px ${this.mono}`
      g.fillText(clip(this.data.columns[this.start[1] + j], 12), 0, 0)
      g.restore()
    }
  }

  hatch(g, x, y, side) {
    g.save()
    g.beginPath()
    g.rect(x, y, side, side)
    g.clip()
    g.strokeStyle = this.ink("muted", 0.55)
    g.lineWidth = 1
    g.beginPath()
    for (let d = -side; d < side; d += 5) { g.moveTo(x + d, y + side); g.lineTo(x + d + side, y) }
    g.stroke()
    g.restore()
  }

  outline(g, i, j, role, width) {
    if (i < 0 || i >= this.rows || (j !== null && (j < 0 || j >= this.columns))) return
    g.strokeStyle = this.ink(role)
    g.lineWidth = width
    const x = this.left + (j ?? 0) * this.cell
    g.strokeRect(x - 1, this.above + i * this.cell - 1, (j === null ? this.columns : 1) * this.cell + 1, this.cell + 1)
  }

  drawArcs(font) {
    const g0 = this.canvas.getContext("2d") // measures in the font that draw() has set
    this.cell = Math.max(font * 1.55, 18)
    this.above = font * 1.9
    const width = Math.min(this.room, 700)
    const words = Math.max(...this.data.columns.slice(this.start[1], this.start[1] + this.columns).map((label) => g0.measureText(clip(label, 12)).width))
    this.right = width - Math.min(words + 12 + font * 3.4, width / 2)
    const g = this.prepare(this.canvas, width, this.above + this.cell * Math.max(this.rows, this.columns) + 6)
    g.fillStyle = this.ink("muted")
    g.font = `${font * 0.92}px ${this.sans}`
    g.textAlign = "end"
    g.fillText(this.data.words.from, Math.max(this.left, g.measureText(this.data.words.from).width), font * 0.7)
    g.textAlign = "start"
    g.fillText(this.data.words.to, this.right, font * 0.7)
    const chosen = this.hover ? this.hover[0] : this.data.focus
    for (let i = 0; i < this.rows; i++) if (this.start[0] + i !== chosen) this.drawLines(g, i, false)
    if (chosen >= this.start[0] && chosen < this.start[0] + this.rows) this.drawLines(g, chosen - this.start[0], true)
    g.font = `${font}px ${this.mono}`
    for (let i = 0; i < this.rows; i++) {
      const row = this.start[0] + i
      g.fillStyle = this.ink(row === chosen ? "query" : "text")
      g.textAlign = "end"
      g.fillText(clip(this.data.rows[row], 12), this.left, this.above + (i + 0.5) * this.cell, this.left)
    }
    for (let j = 0; j < this.columns; j++) {
      const column = this.start[1] + j, weight = this.weight(chosen, column)
      g.fillStyle = this.ink(weight >= 0.05 && !this.isHidden(column) ? "text" : "muted")
      g.textAlign = "start"
      const label = clip(this.data.columns[column], 12)
      g.font = `${font}px ${this.mono}`
      g.fillText(label, this.right, this.above + (j + 0.5) * this.cell)
      if (!(weight >= 0.005)) continue
      const after = this.right + g.measureText(label).width + 8
      g.font = `${font * 0.85}px ${this.sans}`
      g.fillStyle = this.ink("muted")
      g.fillText(this.amount(weight), after, this.above + (j + 0.5) * this.cell)
    }
  }

  drawLines(g, i, isChosen) {
    const row = this.start[0] + i, from = this.left + 8, to = this.right - 8, middle = (from + to) / 2
    for (let j = 0; j < this.columns; j++) {
      const column = this.start[1] + j, weight = this.weight(row, column)
      if (!(weight > 0.001) || this.isHidden(column)) continue
      const share = this.share(row, column)
      if (!isChosen && share < 0.15) continue
      g.strokeStyle = isChosen ? this.ink("probability", 0.15 + 0.85 * share) : this.ink("muted", 0.3 * share)
      g.lineWidth = isChosen ? 1 + 7 * share : 1 + 2 * share
      const y = [this.above + (i + 0.5) * this.cell, this.above + (j + 0.5) * this.cell]
      g.beginPath()
      g.moveTo(from, y[0])
      g.bezierCurveTo(middle, y[0], middle, y[1], to, y[1])
      g.stroke()
    }
  }

  drawMap() { // the whole matrix, pooled to its largest weights, with a frame where the window is
    const n = this.data.rows.length, m = this.data.columns.length
    const side = 170 / Math.max(n, m), width = Math.max(40, m * side), height = Math.max(40, n * side)
    const g = this.prepare(this.map, width, height)
    const pooled = document.createElement("canvas")
    const wide = Math.min(m, 170), high = Math.min(n, 170)
    pooled.width = wide
    pooled.height = high
    const shares = new Float32Array(wide * high).fill(-1)
    for (let row = 0; row < n; row++) for (let column = 0; column < m; column++) {
      if (Number.isNaN(this.weight(row, column))) continue
      const at = Math.floor(row * high / n) * wide + Math.floor(column * wide / m)
      const share = this.isHidden(column) ? 0 : this.share(row, column)
      if (share > shares[at]) shares[at] = share
    }
    const image = new ImageData(wide, high)
    shares.forEach((share, at) => {
      if (share < 0) return
      image.data.set([...this.mixed(share), 255], 4 * at)
    })
    pooled.getContext("2d").putImageData(image, 0, 0)
    g.imageSmoothingEnabled = false
    g.drawImage(pooled, 0, 0, width, height)
    g.strokeStyle = this.ink("key")
    g.lineWidth = 2
    g.strokeRect(this.start[1] * width / m, this.start[0] * height / n, this.columns * width / m, this.rows * height / n)
  }

  moveTo(row, column) {
    const n = this.data.rows.length, m = this.data.columns.length
    this.start = [clamp(Math.round(row), 0, n - this.rows), clamp(Math.round(column), 0, m - this.columns)]
    this.hover = null
    this.draw()
  }

  travel(event) {
    const box = this.map.getBoundingClientRect()
    this.moveTo(
      ((event.clientY - box.top) / box.height) * this.data.rows.length - this.rows / 2,
      ((event.clientX - box.left) / box.width) * this.data.columns.length - this.columns / 2,
    )
  }

  mapKey(event) {
    const by = { ArrowUp: [-8, 0], ArrowDown: [8, 0], ArrowLeft: [0, -8], ArrowRight: [0, 8] }[event.key]
    if (!by) return
    event.preventDefault()
    this.moveTo(this.start[0] + by[0], this.start[1] + by[1])
  }

  drawScale() {
    const { words } = this.data
    this.root.querySelector(".low").textContent = this.amount(this.view.scale === "log" ? 10 ** -LOG_FLOOR : 0)
    this.root.querySelector(".high").textContent = this.view.scale === "row" ? words.row_most
      : this.amount(this.view.scale === "log" ? 1 : this.top[this.view.hide ? 1 : 0])
  }

  say() { // in words: the cell under the pointer, else the row in focus
    const { words, rows, columns } = this.data
    const place = this.root.querySelector(".readout")
    const [row, column] = this.hover ?? [this.data.focus, this.favourite(this.data.focus)]
    const weight = this.weight(row, column)
    const values = { from: rows[row], to: columns[column], share: this.amount(weight), row, column }
    const parts = [fill(!Number.isNaN(weight) ? words.says : words.is_causal && column > row ? words.masked : words.outside, values)]
    if (this.view.hide && !Number.isNaN(this.weight(row, 0))) parts.push(fill(words.hidden, { share: this.amount(this.weight(row, 0)), from: rows[row], first: columns[0] }))
    place.textContent = parts.join(" ")
  }

  favourite(row) {
    let best = this.view.hide ? 1 : 0
    for (let column = best; column < this.data.columns.length; column++)
      if (this.weight(row, column) > (this.weight(row, best) || 0)) best = column
    return Math.min(best, this.data.columns.length - 1)
  }

  look(cell) {
    if (String(cell) === String(this.hover)) return
    this.hover = cell
    this.draw()
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect()
    const x = event.clientX - box.left, y = event.clientY - box.top
    const i = Math.floor((y - this.above) / this.cell)
    if (i < 0 || i >= Math.max(this.rows, this.columns)) return this.look(null)
    if (this.view.picture === "arcs") {
      if (x < (this.left + this.right) / 2) return this.look(i < this.rows ? [this.start[0] + i, this.favourite(this.start[0] + i)] : null)
      const row = this.hover ? this.hover[0] : this.data.focus
      return this.look(i < this.columns ? [row, this.start[1] + i] : null)
    }
    const j = clamp(Math.floor((x - this.left) / this.cell), -1, this.columns - 1)
    if (i >= this.rows) return this.look(null)
    this.look([this.start[0] + i, j < 0 ? this.favourite(this.start[0] + i) : this.start[1] + j])
  }

  choose() { if (this.hover && this.hover[0] !== this.data.focus) this.send("focus", this.hover[0]) }

  key(event) {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); return this.choose() }
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key]
    if (!by) return
    event.preventDefault()
    const [row, column] = this.hover ?? [this.data.focus, this.favourite(this.data.focus)]
    const next = [clamp(row + by[0], 0, this.data.rows.length - 1), clamp(column + by[1], 0, this.data.columns.length - 1)]
    this.start = this.start.map((start, at) => clamp(start, next[at] - [this.rows, this.columns][at] + 1, next[at]))
    this.look(next)
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  parentElement.picture ??= new Picture(parentElement)
  const read = unpack(data)
  parentElement.picture.update({ ...read, weights: matrix(read) }, setTriggerValue)
  return () => parentElement.picture.observer.disconnect()
}
