// Tokens × layers: what each layer would predict at each position. Bytes of viz/wire.py: header {layers: [label], tokens: [label],
// pieces: [label], watched: label | "", k, chosen: [layer, position], label, words, version}; top [layer, position, k] int32 (index into
// pieces), p [layer, position, k], entropy [layer, position] float32 and rank [layer, position] int32 (of the watched token; empty
// without one). The last layer stands on top. Sends the trigger "cell" with [layer, position].
const COLUMNS = 40 // positions drawn at once

class Lattice {
  constructor(root) {
    this.root = root
    this.show = "guess"
    const body = root.querySelector("tbody")
    body.onclick = (event) => { const at = this.cellOf(event.target); if (at) this.choose(at) }
    body.onpointerover = (event) => { const at = this.cellOf(event.target); if (at) this.say(at) }
    body.onpointerleave = () => this.say(this.data.chosen)
    body.onkeydown = (event) => this.key(event)
    root.querySelector(".earlier").onclick = () => this.turn(-COLUMNS)
    root.querySelector(".later").onclick = () => this.turn(COLUMNS)
  }

  update(data, send) {
    const other = !this.data || this.data.version !== data.version
    this.send = send
    if (!other) { this.data.chosen = data.chosen; return this.bring(data.chosen[1]) || this.mark() }
    this.data = data
    this.width = Math.min(data.tokens.length, COLUMNS)
    this.start = this.startFor(data.chosen[1])
    if (this.show === "rank" && !data.watched) this.show = "guess"
    if (data.watched && this.watched !== data.watched) this.show = "rank"
    this.watched = data.watched
    this.most = data.entropy.reduce((most, bits) => Math.max(most, bits), 0)
    this.drawControls()
    this.draw()
  }

  startFor(position) { return clamp(position - Math.ceil(COLUMNS * 0.8), 0, this.data.tokens.length - this.width) }

  bring(position) { // moves the window if the position lies outside; true if it had to
    if (position >= this.start && position < this.start + this.width) return false
    this.start = this.startFor(position)
    this.draw()
    return true
  }

  turn(by) {
    this.start = clamp(this.start + by, 0, this.data.tokens.length - this.width)
    this.draw()
  }

  drawControls() {
    const { words, watched } = this.data
    const options = { guess: words.guess, entropy: words.entropy, ...(watched ? { rank: fill(words.rank, { token: watched }) } : {}) }
    radios(this.root.querySelector(".choice"), words.show, options, this.show, (name) => { this.show = name; this.draw() })
  }

  at(layer, position) { return layer * this.data.tokens.length + position }

  draw() {
    const { data } = this, { words } = data
    const head = make("tr")
    head.append(make("th", words.layer, "corner"))
    for (let i = this.start; i < this.start + this.width; i++) {
      const th = make("th", undefined, i === data.chosen[1] ? "now" : "")
      th.scope = "col"
      th.title = data.tokens[i]
      th.append(isolated(data.tokens[i]))
      head.append(th)
    }
    this.root.querySelector("thead").replaceChildren(head)
    this.root.querySelector("tbody").replaceChildren(...data.layers.map((_, up) => this.line(data.layers.length - 1 - up)))
    this.root.querySelector("table").setAttribute("aria-label", data.label)
    const isLong = data.tokens.length > COLUMNS, turn = this.root.querySelector(".turn")
    turn.hidden = !isLong
    this.root.querySelector(".earlier").textContent = words.earlier
    this.root.querySelector(".later").textContent = words.later
    this.root.querySelector(".earlier").disabled = this.start === 0
    this.root.querySelector(".later").disabled = this.start + this.width === data.tokens.length
    this.root.querySelector(".where").textContent = fill(words.where, { from: this.start, to: this.start + this.width - 1, n: data.tokens.length })
    const ends = { guess: [percent(0), percent(1)], entropy: [words.sure, fill(words.bits, { bits: number(this.most, 1) })], rank: [words.far, words.first] }[this.show]
    this.root.querySelector(".low").textContent = ends[0]
    this.root.querySelector(".high").textContent = ends[1]
    this.mark()
  }

  line(layer) {
    const { data } = this, line = make("tr"), name = make("th", data.layers[layer])
    name.scope = "row"
    line.append(name)
    for (let i = this.start; i < this.start + this.width; i++) line.append(this.cell(layer, i))
    return line
  }

  cell(layer, position) {
    const { data } = this, at = this.at(layer, position), td = make("td")
    td.dataset.at = `${layer} ${position}`
    td.setAttribute("role", "gridcell")
    let share
    if (this.show === "guess") {
      share = data.p[at * data.k]
      td.append(isolated(data.pieces[data.top[at * data.k]]))
    } else if (this.show === "entropy") {
      share = data.entropy[at] / this.most
      td.className = "number"
      td.textContent = number(data.entropy[at], 1)
    } else {
      const rank = data.rank[at]
      share = 1 - Math.min(Math.log10(rank) / 4, 1) // rank 1 is full, 10,000 and beyond empty
      td.className = rank === 1 ? "number hit" : "number"
      td.textContent = number(rank)
      if (layer > 0) this.appendChange(td, data.rank[this.at(layer - 1, position)] - rank)
    }
    td.style.setProperty("--share", share)
    td.classList.toggle("deep-light", share > DEEP.light)
    td.classList.toggle("deep-dark", share > DEEP.dark)
    return td
  }

  appendChange(td, gained) {
    if (gained) td.append(make("span", `${gained > 0 ? "↑" : "↓"}${number(Math.abs(gained))}`, "change"))
  }

  mark() {
    const chosen = this.data.chosen.join(" ")
    for (const td of this.root.querySelectorAll("td")) {
      td.setAttribute("aria-selected", String(td.dataset.at === chosen))
      td.tabIndex = td.dataset.at === chosen ? 0 : -1
    }
    this.root.querySelectorAll("thead th:not(.corner)").forEach((th, i) => th.classList.toggle("now", this.start + i === this.data.chosen[1]))
    this.scrollToChosen()
    this.say(this.data.chosen)
  }

  scrollToChosen() { // sideways alone: the page stays where it is
    const frame = this.root.querySelector(".frame"), td = this.root.querySelector("td[aria-selected=true]")
    if (!td) return
    const names = this.root.querySelector("tbody th").offsetWidth, [box, cell] = [frame, td].map((element) => element.getBoundingClientRect())
    if (cell.right > box.right) frame.scrollLeft += cell.right - box.right + 4
    else if (cell.left < box.left + names) frame.scrollLeft -= box.left + names - cell.left + 4
  }

  cellOf(target) {
    const td = target.closest?.("td")
    return td ? td.dataset.at.split(" ").map(Number) : null
  }

  say([layer, position]) { // the cell's likeliest tokens, and the watched one's rank
    const { data } = this, { words } = data, at = this.at(layer, position)
    const guesses = Array.from({ length: data.k }, (_, i) => `${data.pieces[data.top[at * data.k + i]]} ${percent(data.p[at * data.k + i])}`)
    const parts = [fill(words.says, { layer: data.layers[layer], token: data.tokens[position], guesses: guesses.join("   "), bits: number(data.entropy[at], 2) })]
    if (data.watched) parts.push(fill(words.ranked, { token: data.watched, rank: data.rank[at] }))
    this.root.querySelector(".readout").textContent = parts.join(" ")
  }

  choose(at) {
    this.data.chosen = at
    this.mark()
    this.send("cell", at)
  }

  key(event) {
    const now = this.cellOf(event.target)
    if (!now) return
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); return this.choose(now) }
    const by = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key]
    if (!by) return
    event.preventDefault()
    const next = [clamp(now[0] + by[0], 0, this.data.layers.length - 1), clamp(now[1] + by[1], 0, this.data.tokens.length - 1)]
    this.bring(next[1])
    const cell = [...this.root.querySelectorAll("td")].find((td) => td.dataset.at === next.join(" "))
    cell.tabIndex = 0
    cell.focus()
    this.say(next)
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  parentElement.lattice ??= new Lattice(parentElement)
  parentElement.lattice.update(unpack(data), setTriggerValue)
}
