// The panel: seven controls and the ledger under them. While a control moves, everything is worked out here, once a frame, by the
// Sampler of components/logits on the whole vocabulary; the trigger "settings" goes to Python when it is let go.
// data: {settings, n_vocab, words}; settings {temperature, top_k, top_p, min_p, repetition, presence, frequency}.
const bus = (globalThis.tokenscopeSampling ??= new EventTarget())
const OFF = { temperature: 1, top_k: 0, top_p: 1, min_p: 0, repetition: 1, presence: 0, frequency: 0 }
const USUAL = { temperature: 0.7, top_k: 40, top_p: 0.9, min_p: 0.05, repetition: 1.2, presence: 0.5, frequency: 0.5 }
const RANGE = { // low, high, step
  temperature: [0, 3, 0.01], top_p: [0, 1, 0.005], min_p: [0, 1, 0.005], repetition: [0.5, 2, 0.01], presence: [-2, 2, 0.05], frequency: [-2, 2, 0.05],
}
const PRESETS = { own: {}, greedy: { temperature: 0 }, careful: { temperature: 0.7, top_p: 0.9 }, wild: { temperature: 1.5 } }
const RULES = ["", "greedy", "top_k", "top_p", "min_p"]
const SIZES = { 12: "12", 25: "25", 50: "50" }
const K_STEPS = 150
const ENDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1] // where the bars' scale may end
const SEND_MS = 200 // after the last key: a held arrow key is one message

const counting = new Intl.NumberFormat("en")
const decimal = (x, digits = 2) => (x === -Infinity ? "−∞" : (x < 0 ? "−" : "") + Math.abs(x).toFixed(digits))
const write = (element, text) => { if (element.textContent !== text) element.textContent = text }

// Every k that a step of the slider can mean, the last is all of them: 1, 2, 3 … finer where k is small.
function kSteps(n) {
  const ks = new Set(Array.from({ length: K_STEPS }, (_, i) => Math.round(n ** (i / K_STEPS))))
  return [...ks].filter((k) => k < n).concat(0)
}

class Panel {
  constructor(root) {
    this.root = root
    this.pending = [] // what was sent and has not come back yet
    this.size = 12
    this.chosen = null // the place whose working is shown; null is the first row
    this.frames = 0
    this.$ = (selector) => root.querySelector(selector)
    this.rows = []
    root.querySelector("tbody").onclick = (event) => this.choose(event.target.closest("tr")?.row)
    root.querySelector("tbody").onkeydown = (event) => this.key(event)
  }

  update(data, send) {
    this.send = send
    const received = JSON.stringify(data.settings)
    const isEcho = this.pending.indexOf(received)
    const isNews = received !== this.received && isEcho < 0
    if (isEcho >= 0) this.pending.splice(0, isEcho + 1)
    this.received = received
    const words = JSON.stringify([data.words, data.n_vocab])
    if (words !== this.worded) {
      this.worded = words
      this.data = data
      this.ks = kSteps(data.n_vocab)
      this.settings ??= { ...data.settings }
      this.build()
    }
    if (isNews) {
      this.settings = { ...data.settings }
      this.fill()
    }
    this.draw()
  }

  build() {
    const { words } = this.data
    const controls = Object.keys(OFF).map((name) => this.control(name, words.controls[name]))
    this.$(".controls").replaceChildren(...controls)
    this.$(".presets").setAttribute("aria-label", words.presets.label)
    this.$(".presets").replaceChildren(make("span", words.presets.label), ...Object.entries(PRESETS).map(([name, values]) => {
      const button = make("button", words.presets[name])
      button.type = "button"
      button.onclick = () => { this.settings = { ...OFF, ...values }; this.fill(); this.moved(); this.release() }
      return button
    }))
    for (const name of ["survive", "mass", "entropy"]) write(this.$(`.${name}-name`), words[name])
    radios(this.$(".sizes"), words.sizes, SIZES, String(this.size), (size) => { this.size = Number(size); this.pool(); this.draw() })
    this.$(".sizes").prepend(make("span", words.sizes))
    const head = make("tr")
    for (const column of ["token", "logit", "scaled", "bar", "model", "final", "verdict"]) {
      const cell = make("th", words.columns[column], column)
      cell.scope = "col"
      if (column === "bar") cell.replaceChildren(make("span", words.columns.bar, "visually-hidden"), make("span", "0"), make("span", "", "end"))
      head.append(cell)
    }
    this.$("thead").replaceChildren(head)
    write(this.$("caption"), words.caption)
    write(this.$(".key-model"), words.columns.model_long)
    write(this.$(".key-final"), words.columns.final_long)
    this.pool()
    this.fill()
  }

  control(name, words) {
    const box = make("div", undefined, `control ${name}`)
    const label = make("label", undefined, "switch")
    const check = make("input")
    check.type = "checkbox"
    check.setAttribute("role", "switch")
    label.append(check, make("span", words.label))
    label.title = words.about
    const slider = make("input"), box_of_number = make("input")
    slider.type = "range"
    slider.setAttribute("aria-label", words.label)
    slider.setAttribute("aria-description", words.about)
    box_of_number.type = "number"
    box_of_number.setAttribute("aria-label", `${words.label}: ${this.data.words.number}`)
    box_of_number.placeholder = this.data.words.off
    const [low, high, step] = name === "top_k" ? [0, this.ks.length - 1, 1] : RANGE[name]
    Object.assign(slider, { min: low, max: high, step })
    Object.assign(box_of_number, name === "top_k" ? { min: 1, max: this.data.n_vocab, step: 1 } : { min: low, max: high, step: "any" })
    const ends = make("div", undefined, "ends")
    ends.setAttribute("aria-hidden", "true")
    words.marks.forEach(([share, text]) => {
      const mark = make("span", text, share === 0 ? "low" : share === 1 ? "high" : "")
      mark.style.left = `${100 * share}%`
      ends.append(mark)
    })
    const track = make("div", undefined, "track")
    track.append(slider, ends)
    box.append(label, track, box_of_number)
    slider.oninput = () => { this.take(name, name === "top_k" ? this.ks[slider.value] : Number(slider.value), slider) }
    slider.onchange = () => this.release()
    box_of_number.oninput = () => {
      const value = box_of_number.value === "" ? OFF[name] : Number(box_of_number.value)
      if (box_of_number.validity.valid) this.take(name, name === "top_k" && value >= this.data.n_vocab ? 0 : value, box_of_number)
    }
    box_of_number.onchange = () => { this.fill(); this.release() }
    check.onchange = () => {
      this.usual ??= {}
      if (!check.checked) this.usual[name] = this.settings[name]
      this.take(name, check.checked ? (this.usual[name] ?? USUAL[name]) : OFF[name], check)
      this.release()
    }
    Object.assign(box, { check, slider, number: box_of_number })
    return box
  }

  // One setting has a new value; the element that the hand is on is left alone.
  take(name, value, element) {
    this.settings[name] = value
    this.show(name, element)
    this.moved()
  }

  show(name, except) {
    const box = this.$(`.control.${name}`), value = this.settings[name]
    if (!box) return
    const isOff = value === OFF[name]
    box.classList.toggle("off", isOff)
    box.check.checked = !isOff
    const place = name === "top_k" ? this.nearestK(value) : value
    if (except !== box.slider) box.slider.value = place
    if (except !== box.number) box.number.value = name === "top_k" ? value || "" : String(Number(value.toFixed(4)))
    const text = isOff ? this.data.words.off : value === 0 && name === "temperature" ? this.data.words.greedy : String(value)
    box.slider.setAttribute("aria-valuetext", text)
    const low = Number(box.slider.min)
    box.slider.style.setProperty("--share", (place - low) / (Number(box.slider.max) - low || 1))
  }

  nearestK(k) {
    if (k === 0 || k >= this.data.n_vocab) return this.ks.length - 1
    let best = 0
    this.ks.forEach((step, i) => { if (step && Math.abs(step - k) < Math.abs(this.ks[best] - k)) best = i })
    return best
  }

  fill() { for (const name of Object.keys(OFF)) this.show(name) }

  moved() {
    clearTimeout(this.timer)
    if (this.frame) return
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.draw() })
  }

  release() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      const now = JSON.stringify(this.settings)
      if (now === (this.pending.at(-1) ?? this.received)) return
      this.pending.push(now)
      this.send("settings", { ...this.settings })
    }, SEND_MS)
  }

  pool() { // rows are made once and written anew
    const body = this.$("tbody")
    this.rows = Array.from({ length: this.size + 2 }, () => {
      const row = make("tr")
      row.cells_by_name = {}
      for (const name of ["token", "logit", "scaled", "bar", "model", "final", "verdict"]) {
        const cell = (row.cells_by_name[name] = make("td", undefined, name))
        row.append(cell)
      }
      const button = make("button", undefined, "name")
      button.type = "button"
      button.tabIndex = -1
      row.text = isolated("")
      button.append(row.text)
      row.times = make("span", undefined, "times")
      row.button = button
      row.cells_by_name.token.append(button, row.times)
      row.outline = make("i", undefined, "outline")
      row.filled = make("i", undefined, "filled")
      row.cells_by_name.bar.append(row.outline, row.filled)
      row.line = make("td", undefined, "line")
      row.line.colSpan = 7
      row.above = make("span", undefined, "above")
      row.below = make("span", undefined, "below")
      row.line.append(row.above, row.below)
      row.row = row
      return row
    })
    body.replaceChildren(...this.rows)
    if (this.rows[0]) this.rows[0].button.tabIndex = 0
  }

  // What the lines show: a number is a token by its rank after the penalties, "gap" the ones left out, "cut" the cut line.
  plan(sampler) {
    const { n, edge } = sampler, size = Math.min(this.size, n)
    const from = (a, b) => Array.from({ length: Math.max(0, b - a) }, (_, i) => a + i)
    if (edge >= n) return from(0, size)
    if (edge <= size - 3) return [...from(0, edge), "cut", ...from(edge, size)]
    const end = Math.min(edge + 3, n)
    if (end <= sampler.labels.length) return [...from(0, size - 5), "gap", edge - 2, edge - 1, "cut", ...from(edge, end)]
    return [...from(0, size - 2), "gap", "cut"]
  }

  draw() {
    const sampler = bus.sampler
    if (!sampler || !this.data) return
    sampler.set(this.settings)
    this.frames++
    const { words } = this.data
    const part = clamp(sampler.mass_kept, 0, 1), rest = Math.max(0, 1 - sampler.mass_kept)
    write(this.$(".survive"), fill(words.of, { n: counting.format(sampler.n_kept), all: counting.format(sampler.n) }))
    write(this.$(".mass"), percent(part))
    this.$(".split i").style.transform = `scaleX(${part})`
    write(this.$(".entropy"), fill(words.bits, { before: decimal(sampler.entropy), after: decimal(sampler.final_entropy) }))
    const plan = this.plan(sampler)
    let most = 0
    for (const i of plan) if (typeof i === "number") most = Math.max(most, sampler.p[i], sampler.model[sampler.at[i]])
    this.end = ENDS.find((end) => end >= most) ?? 1
    write(this.$("th .end"), percent(this.end))
    this.rows.forEach((row, line) => this.drawRow(row, plan[line], sampler, part, rest, plan))
    this.drawWorking(sampler)
    bus.settings = this.settings
    bus.dispatchEvent(new Event("moved"))
  }

  drawRow(row, i, sampler, part, rest, plan) {
    const { words } = this.data, cells = row.cells_by_name
    row.hidden = i === undefined
    if (row.hidden) return
    const isLine = typeof i === "string"
    if (isLine !== row.isLine) {
      row.isLine = isLine
      if (isLine) row.replaceChildren(row.line)
      else row.replaceChildren(...Object.values(cells))
    }
    row.place = isLine ? undefined : sampler.at[i]
    if (isLine) {
      row.className = i
      const more = sampler.edge - plan.filter((other) => typeof other === "number" && other < sampler.edge).length
      write(row.above, i === "gap" ? fill(words.more, { n: counting.format(more) }) : fill(words.above, { n: counting.format(sampler.n_kept), p: percent(part) }))
      write(row.below, i === "gap" ? "" : fill(words.below, { n: counting.format(sampler.n - sampler.n_kept), p: percent(rest) }))
      return
    }
    const place = sampler.at[i], isCut = sampler.cut[i] > 0, isSeen = sampler.seen[place] === 1, logit = sampler.logits[place]
    row.className = `${isCut ? "is-cut" : "is-kept"}${place === this.chosen ? " chosen" : ""}`
    write(row.text, sampler.label(place))
    row.button.setAttribute("aria-pressed", String(place === this.chosen))
    write(row.times, isSeen && sampler.hasPenalties ? `×${sampler.count.get(place)}` : "")
    row.times.title = words.times
    write(cells.logit, logit !== sampler.scores[i] ? `${decimal(logit)} → ${decimal(sampler.scores[i])}` : decimal(logit))
    write(cells.scaled, this.settings.temperature === 0 ? "–" : decimal(sampler.scaled[i]))
    row.outline.style.width = `${100 * Math.min(1, sampler.model[place] / this.end)}%`
    row.filled.style.transform = `scaleX(${Math.min(1, sampler.p[i] / this.end)})`
    write(cells.model, percent(sampler.model[place]))
    write(cells.final, percent(sampler.final(i)))
    write(cells.verdict, isCut ? words.cut[RULES[sampler.cut[i]]] : words.kept)
  }

  choose(row) {
    if (row?.place === undefined) return
    this.chosen = row.place
    this.rows.forEach((other) => { other.button.tabIndex = other === row ? 0 : -1 })
    this.draw()
  }

  key(event) {
    const lines = this.rows.filter((row) => !row.hidden && !row.isLine)
    const now = lines.findIndex((row) => row.button === event.target)
    const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: lines.length - 1 }[event.key]
    if (now < 0 || next === undefined) return
    event.preventDefault()
    lines[clamp(next, 0, lines.length - 1)].button.focus()
  }

  // The formula with the numbers of one token.
  drawWorking(sampler) {
    const { words } = this.data, T = this.settings.temperature
    const i = this.chosen === null ? 0 : sampler.at.indexOf(this.chosen)
    const values = {
      token: sampler.label(sampler.at[i]), z: decimal(sampler.scores[i]), T: String(Number(T.toFixed(4))), best: decimal(sampler.scaled[0]),
      scaled: decimal(sampler.scaled[i]), e: Math.exp(sampler.scaled[i] - sampler.scaled[0]).toPrecision(3), sum: sampler.sum.toPrecision(4),
      p: percent(sampler.final(i)), n: counting.format(sampler.n_kept), rule: words.rules[RULES[sampler.cut[i]]] ?? "",
    }
    const sentence = T === 0 ? (i === 0 ? words.working_greedy : words.working_not_best) : sampler.cut[i] ? words.working_cut : words.working
    write(this.$(".working"), fill(sentence, values))
  }
}

export default function ({ data, parentElement: root, setTriggerValue }) {
  const panel = (root.panel ??= new Panel(root))
  panel.update(data, setTriggerValue)
  const arrived = () => { panel.chosen = null; panel.draw() }
  bus.addEventListener("logits", arrived)
  return () => bus.removeEventListener("logits", arrived)
}
