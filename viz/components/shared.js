// What the components share; it stands before each one's own code.
const make = (tag, text, className) => {
  const element = document.createElement(tag)
  if (text !== undefined) element.textContent = text
  if (className) element.className = className
  return element
}
const isolated = (text) => {
  const element = make("bdi", text)
  element.dir = "auto"
  return element
}
// Values go into a translated sentence between marks that keep right-to-left text in its place.
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) =>
  !(name in values) ? whole : typeof values[name] === "number" ? values[name] : `\u2068${values[name]}\u2069`)
const number = (n, digits = 0) =>
  new Intl.NumberFormat(document.documentElement.lang || "en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(n)
// A probability for people, digit for digit as viz/labels.percent writes it.
const percent = (p) => {
  const value = 100 * p
  const small = () => { const [mantissa, exponent] = value.toExponential(1).split("e"); return `${mantissa}e${Number(exponent)}` }
  const digits = value === 0 ? "0" : value >= 99.9995 ? "100" : value >= 99.95 ? value.toFixed(3) : value >= 99 ? value.toFixed(1)
    : value >= 10 ? value.toFixed(0) : value >= 0.001 ? String(Number(value.toPrecision(2))) : small()
  return `${digits}\u00a0%`
}
// Bytes from viz/wire.py: {…header, arrays by name}.
const unpack = (bytes) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  let at = 4 + length
  for (const { name, type, shape } of header.arrays) {
    const Kind = { float32: Float32Array, uint8: Uint8Array, int32: Int32Array }[type]
    const size = shape.reduce((a, b) => a * b, 1) * Kind.BYTES_PER_ELEMENT
    header[name] = new Kind(bytes.slice(at, at + size).buffer)
    at += size
  }
  return header
}
// A role's colour as [r, g, b]; canvases cannot read CSS variables by themselves.
const colour = (root, role) => {
  const probe = make("i")
  probe.style.color = `var(--ts-${role})`
  root.append(probe)
  const parts = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number)
  probe.remove()
  return parts
}
// Above this share of the sequential scale white ink has the better contrast (black in the dark theme). tests/unit/test_colours.py
// checks that every share keeps 4.5 : 1.
const DEEP = { light: 0.753, dark: 0.544 }
const clamp = (x, low, high) => Math.max(low, Math.min(high, x))
// A row of buttons of which one is chosen: options {name: label}; arrow keys move. pick(name) is called for another choice.
const radios = (group, label, options, chosen, pick) => {
  const names = Object.keys(options)
  const mark = (name) => group.querySelectorAll("button").forEach((button, i) => {
    button.setAttribute("aria-checked", String(names[i] === name))
    button.tabIndex = names[i] === name ? 0 : -1
  })
  const choose = (name) => { chosen = name; mark(name); pick(name) }
  group.setAttribute("aria-label", label)
  group.replaceChildren(...names.map((name) => {
    const button = make("button", options[name])
    button.type = "button"
    button.setAttribute("role", "radio")
    button.onclick = () => choose(name)
    return button
  }))
  mark(chosen)
  group.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    choose(names[(names.indexOf(chosen) + step + names.length) % names.length])
    group.querySelectorAll("button")[names.indexOf(chosen)].focus()
  }
}
// Fills a box whose buttons are one stop of the Tab key: arrow keys, Home and End move among them. A redraw keeps the focus by its
// place; `current` is where Tab enters else.
const fillRoving = (box, children, current = 0) => {
  const all = () => [...box.querySelectorAll("button, [role=treeitem]")]
  const had = all().indexOf(box.getRootNode().activeElement)
  box.replaceChildren(...children)
  const buttons = all()
  const enter = (at) => buttons.forEach((button, i) => { button.tabIndex = i === at ? 0 : -1 })
  const start = clamp(had >= 0 ? had : current, 0, buttons.length - 1)
  enter(start)
  if (had >= 0) buttons[start]?.focus({ preventScroll: true })
  box.onkeydown = (event) => {
    const now = buttons.indexOf(event.target.closest("button, [role=treeitem]"))
    const to = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: buttons.length - 1 }[event.key]
    if (now < 0 || !buttons[to]) return
    event.preventDefault()
    enter(to)
    buttons[to].focus()
  }
}
