// One control: a switch, a slider and a box for the number, all of the same setting.
class Control {
  constructor(panel, name) {
    const { words, n_vocab } = panel.data
    this.panel = panel
    this.name = name
    this.nVocab = n_vocab
    this.ks = name === "top_k" ? kSteps(n_vocab) : null // the slider of top-k goes by its steps
    const own = words.controls[name], [low, high, step] = this.ks ? [0, this.ks.length - 1, 1] : RANGE[name]
    this.check = field("checkbox", { role: "switch" })
    this.slider = field("range", { min: low, max: high, step, "aria-label": own.label, "aria-description": own.about })
    const numbers = this.ks ? { min: 1, max: n_vocab, step: 1 } : { min: low, max: high, step: "any" }
    this.number = field("number", { ...numbers, "aria-label": `${own.label}: ${words.number}`, placeholder: words.off })
    const label = make("label", undefined, "switch"), track = make("div", undefined, "track")
    label.append(this.check, make("span", own.label))
    label.title = own.about
    track.append(this.slider, marked(own.marks))
    this.element = make("div", undefined, `control ${name}`)
    this.element.append(label, track, this.number)
    this.listen()
  }

  listen() {
    const { panel, name, check, slider, number } = this
    slider.oninput = () => this.take(this.ks ? this.ks[slider.value] : Number(slider.value), slider)
    slider.onchange = () => panel.release()
    number.oninput = () => {
      const value = number.value === "" ? OFF[name] : Number(number.value)
      if (number.validity.valid) this.take(this.ks && value >= this.nVocab ? 0 : value, number)
    }
    number.onchange = () => { panel.showSettings(); panel.release() }
    check.onchange = () => {
      if (!check.checked) panel.usual[name] = panel.settings[name]
      this.take(check.checked ? panel.usual[name] : OFF[name], check)
      panel.release()
    }
  }

  // The setting has a new value; the element that the hand is on is left alone.
  take(value, element) {
    this.panel.settings[this.name] = value
    this.show(element)
    this.panel.moved()
  }

  show(except) {
    const { name, slider, number } = this, { settings, data } = this.panel, value = settings[name], isOff = value === OFF[name]
    this.element.classList.toggle("off", isOff)
    this.check.checked = !isOff
    const step = this.ks ? nearestStep(this.ks, value, this.nVocab) : value
    if (except !== slider) slider.value = step
    if (except !== number) number.value = this.ks ? value || "" : String(Number(value.toFixed(4)))
    const text = isOff ? data.words.off : value === 0 && name === "temperature" ? data.words.greedy : String(value)
    slider.setAttribute("aria-valuetext", text)
    const low = Number(slider.min)
    slider.style.setProperty("--share", (step - low) / (Number(slider.max) - low || 1))
  }
}

function field(type, attributes) {
  const input = make("input")
  input.type = type
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value)
  return input
}

function marked(marks) { // the words under a slider, [share of its way, text]
  const ends = make("div", undefined, "ends")
  ends.setAttribute("aria-hidden", "true")
  marks.forEach(([share, text]) => {
    const mark = make("span", text, share === 0 ? "low" : share === 1 ? "high" : "")
    mark.style.left = `${100 * share}%`
    ends.append(mark)
  })
  return ends
}
