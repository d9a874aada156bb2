// A row of token chips. data: {chips: [{label, ids, positions, special, masked, value?, note?}], focus, label, special, masked, more}
// `masked` of a chip: hidden from the model; `masked` of the data is the word for that.
// Sends the trigger "focus" with the position that was chosen. Arrow keys move, Enter or space chooses.

function chipElement(chip, data) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "chip"
  button.setAttribute("role", "option")
  const chosen = chip.positions.includes(data.focus)
  button.setAttribute("aria-selected", String(chosen))
  button.tabIndex = chosen ? 0 : -1
  if (chip.special) { button.classList.add("special"); button.title = data.special ?? "" }
  if (chip.value !== undefined && chip.value !== null) {
    button.classList.add("shaded")
    button.classList.toggle("deep-light", chip.value > DEEP.light)
    button.classList.toggle("deep-dark", chip.value > DEEP.dark)
    button.style.setProperty("--share", chip.value)
  }
  const text = document.createElement("bdi")
  text.className = "text"
  text.dir = "auto"
  text.textContent = chip.label
  const ids = document.createElement("span")
  ids.className = "ids"
  ids.textContent = chip.ids.join(" ")
  button.append(text, ids)
  if (chip.masked) {
    button.classList.add("masked")
    const mark = document.createElement("span")
    mark.className = "mark"
    mark.textContent = data.masked
    button.append(mark)
  }
  if (chip.note) {
    const note = document.createElement("span")
    note.className = "note"
    note.textContent = chip.note
    button.append(note)
  }
  return button
}

export default function ({ data, parentElement, setTriggerValue }) {
  const row = parentElement.querySelector(".ribbon")
  row.setAttribute("aria-label", data.label)
  const hadFocus = row.contains(parentElement.activeElement ?? null)
  const buttons = data.chips.map((chip) => chipElement(chip, data))
  row.replaceChildren(...buttons)
  if (buttons.length && !buttons.some((b) => b.tabIndex === 0)) buttons[0].tabIndex = 0
  parentElement.querySelector(".more").textContent = data.more ?? ""

  const choose = (index) => {
    buttons.forEach((b, i) => { b.setAttribute("aria-selected", String(i === index)); b.tabIndex = i === index ? 0 : -1 })
    buttons[index].focus({ preventScroll: true })
    setTriggerValue("focus", data.chips[index].positions.at(-1))
  }
  buttons.forEach((button, index) => { button.onclick = () => choose(index) })
  row.onkeydown = (event) => {
    const now = buttons.indexOf(event.target)
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: buttons.length - 1 }[event.key]
    if (now < 0 || next === undefined) return
    event.preventDefault()
    if (buttons[next]) choose(next)
  }
  const chosen = buttons.find((b) => b.getAttribute("aria-selected") === "true")
  if (chosen) row.scrollTop += chosen.getBoundingClientRect().top - row.getBoundingClientRect().top - row.clientHeight / 2
  if (hadFocus) buttons.find((b) => b.tabIndex === 0)?.focus({ preventScroll: true })
}
