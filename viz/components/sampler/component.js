// The panel: seven controls and the ledger under them. While a control moves, everything is worked out here, once a frame, by the
// Sampler of components/logits on the whole vocabulary; the trigger "settings" goes to Python when it is let go.
// data: {settings, n_vocab, words}; settings {temperature, top_k, top_p, min_p, repetition, presence, frequency}.
const bus = (globalThis.tokenscopeSampling ??= new EventTarget())
const SIZES = { 12: "12", 25: "25", 50: "50" }
const SEND_MS = 200 // after the last key: a held arrow key is one message

class Panel {
  constructor(root) {
    this.root = root
    this.pending = [] // what was sent and has not come back yet
    this.usual = { ...USUAL } // what each switch puts its setting on
    this.table = new Table(root, () => this.draw())
  }

  update(data, send) {
    this.send = send
    const received = JSON.stringify(data.settings)
    const echo = this.pending.indexOf(received)
    const isNews = received !== this.received && echo < 0
    if (echo >= 0) this.pending.splice(0, echo + 1)
    this.received = received
    const words = JSON.stringify([data.words, data.n_vocab])
    if (words !== this.worded) {
      this.worded = words
      this.data = data
      this.settings ??= { ...data.settings }
      this.build()
    }
    if (isNews) {
      this.settings = { ...data.settings }
      this.showSettings()
    }
    this.draw()
  }

  build() {
    const { words } = this.data, find = (selector) => this.root.querySelector(selector)
    this.controls = Object.keys(OFF).map((name) => new Control(this, name))
    find(".controls").replaceChildren(...this.controls.map((control) => control.element))
    find(".presets").setAttribute("aria-label", words.presets.label)
    find(".presets").replaceChildren(make("span", words.presets.label), ...Object.keys(PRESETS).map((name) => this.preset(name)))
    for (const name of ["survive", "mass", "entropy"]) write(find(`.${name}-name`), words[name])
    const resize = (size) => { this.table.size = Number(size); this.table.makeRows(); this.draw() }
    radios(find(".sizes"), words.sizes, SIZES, String(this.table.size), resize)
    find(".sizes").prepend(make("span", words.sizes))
    write(find(".key-model"), words.columns.model_long)
    write(find(".key-final"), words.columns.final_long)
    this.table.writeHead(words)
    this.table.makeRows()
    this.showSettings()
  }

  preset(name) {
    const button = make("button", this.data.words.presets[name])
    button.type = "button"
    button.onclick = () => { this.settings = { ...OFF, ...PRESETS[name] }; this.showSettings(); this.moved(); this.release() }
    return button
  }

  showSettings() { for (const control of this.controls) control.show() }

  // A setting has another value: draw once in the next frame.
  moved() {
    clearTimeout(this.timer)
    if (this.frame) return
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.draw() })
  }

  // The hand is off: tell Python.
  release() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      const now = JSON.stringify(this.settings)
      if (now === (this.pending.at(-1) ?? this.received)) return
      this.pending.push(now)
      this.send("settings", { ...this.settings })
    }, SEND_MS)
  }

  draw() {
    const { sampler } = bus
    if (!sampler || !this.data) return
    sampler.set(this.settings)
    const { words } = this.data, { temperature } = this.settings
    writeFacts(this.root, sampler, words)
    this.table.draw(sampler, temperature, words)
    writeWorking(this.root, this.table.chosen, sampler, temperature, words)
    bus.settings = this.settings
    bus.dispatchEvent(new Event("moved"))
  }
}

export default function ({ data, parentElement: root, setTriggerValue }) {
  const panel = (root.panel ??= new Panel(root))
  panel.update(data, setTriggerValue)
  const arrived = () => { panel.table.chosen = null; panel.draw() }
  bus.addEventListener("logits", arrived)
  return () => bus.removeEventListener("logits", arrived)
}
