// One head's attention as a matrix or as arcs. Bytes of viz/wire.py: header {rows, columns, focus, same, is_share, label, words},
// spans [row, (first column, numbers)] int32 and weights float32, those numbers row after row, nan where a token may not look, as
// outside its span; with is_share they are shares of 1, else lengths. Everything but a choice of another row happens here: the views,
// the scales, what the pointer or the arrow keys are on. Sends the trigger "focus" with the row that was chosen.
const WINDOW = 48 // tokens a side that can still be read; longer texts get a map to move in

class Picture {
  constructor(root) {
    this.root = root
    this.canvas = root.querySelector(".picture")
    this.map = root.querySelector(".overview")
    this.view = { picture: "matrix", scale: "row", hide: false }
    this.hover = null // [row, column] under the pointer
    listenOnPicture(this)
    listenOnMap(this)
    root.querySelector(".hide input").onchange = (event) => { this.view.hide = event.target.checked; this.draw() }
    this.observer = new ResizeObserver(() => this.draw())
    this.observer.observe(root.querySelector(".stage"))
  }

  update(data, send) {
    const isOther = this.data?.rows.length !== data.rows.length || this.data.columns.length !== data.columns.length
    this.data = data
    this.weights = new Weights(data)
    this.send = send
    if (isOther) { this.hover = null; this.start = null }
    this.inks = new Inks(this.root)
    this.fillControls()
    this.placeWindow()
    this.draw()
  }

  fillControls() {
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

  placeWindow() { // the part of a long text that is shown: where the person moved it, else around the row in focus
    const { nRows, nColumns } = this.weights, { focus, same } = this.data
    this.nRows = Math.min(nRows, WINDOW)
    this.nColumns = Math.min(nColumns, WINDOW)
    this.isLong = nRows > WINDOW || nColumns > WINDOW
    if (!this.start || this.focused !== focus) {
      const first = focus - this.nRows + Math.ceil(this.nRows / 4)
      this.start = this.within(first, same ? first : 0)
    }
    this.focused = focus
  }

  within(row, column) { // where a window can begin that should begin there
    return [clamp(row, 0, this.weights.nRows - this.nRows), clamp(column, 0, this.weights.nColumns - this.nColumns)]
  }

  shownRows() { return this.data.rows.slice(this.start[0], this.start[0] + this.nRows) }
  shownColumns() { return this.data.columns.slice(this.start[1], this.start[1] + this.nColumns) }
  share(row, column) { return this.weights.share(row, column, this.view) }
  favourite(row) { return this.weights.favourite(row, this.view) }
  isHidden(column) { return this.view.hide && column === 0 }
  lookedAt() { return this.hover ?? [this.data.focus, this.favourite(this.data.focus)] } // [row, column]

  draw() {
    if (!this.data) return
    const width = this.root.querySelector(".stage").clientWidth
    if (!width) return
    this.root.querySelector(".map").hidden = !this.isLong
    this.room = Math.max(220, this.isLong && width > 700 ? width - 200 : width)
    const font = Math.min(this.inks.size * 0.9, 20)
    this.left = Math.min(Math.max(widest(this, font, this.shownRows()), 10) + 12, this.room / 3)
    if (this.view.picture === "matrix") drawMatrix(this, font)
    else drawArcs(this, font)
    if (this.isLong) drawMap(this)
    writeScale(this)
    writeReadout(this)
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  parentElement.picture ??= new Picture(parentElement)
  parentElement.picture.update(unpack(data), setTriggerValue)
  return () => parentElement.picture.observer.disconnect()
}
