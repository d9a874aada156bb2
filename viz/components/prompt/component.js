// The prompt. What is typed goes to Python as the state "text" after a short pause; Python overwrites the box only when
// `data.revision` rises (an example, a link, a word that was appended), never while somebody types.
// `is_small` is a second box under the first one: smaller type, its label on top, and no row of buttons without `copy`.
const PAUSE_MS = 300

export default function ({ data, parentElement, setStateValue }) {
  const box = parentElement.querySelector("textarea")
  const memory = (parentElement.__prompt ??= { revision: null, timer: null })
  const label = parentElement.querySelector("label")
  label.textContent = data.label
  label.classList.toggle("visually-hidden", !data.is_small)
  parentElement.querySelector(".prompt").classList.toggle("small", Boolean(data.is_small))
  parentElement.querySelector(".row").hidden = !data.copy && !data.examples.length
  box.placeholder = data.placeholder
  parentElement.querySelector(".try").textContent = data.examples_label
  parentElement.querySelector(".note").textContent = data.too_long

  const fit = () => { box.style.height = "auto"; box.style.height = `${box.scrollHeight + 3}px` }
  const send = () => { clearTimeout(memory.timer); memory.timer = null; setStateValue("text", box.value) }
  if (memory.revision !== data.revision) {
    memory.revision = data.revision
    if (memory.timer === null) { box.value = data.text; fit() }
  }
  box.oninput = () => { fit(); clearTimeout(memory.timer); memory.timer = setTimeout(send, PAUSE_MS) }
  box.onkeydown = (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send() }
  if (!memory.observer) {
    memory.observer = new ResizeObserver(fit)
    memory.observer.observe(parentElement.querySelector(".prompt"))
  }

  parentElement.querySelector(".examples").replaceChildren(...data.examples.map((example) => {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = example.label
    button.title = example.text
    button.onclick = () => { box.value = example.text; fit(); send() }
    return button
  }))

  const skip = parentElement.querySelector(".skip")
  skip.hidden = !data.skip
  skip.textContent = data.skip
  skip.onclick = () => { // past the examples, the ribbon and the help
    const title = document.querySelector("[class*='st-key-card_'] h2")
    if (!title) return
    title.tabIndex = -1
    title.focus()
  }

  const copy = parentElement.querySelector(".copy")
  copy.hidden = !data.copy
  copy.textContent = data.copy
  copy.onclick = async () => {
    try { await navigator.clipboard.writeText(location.href); copy.textContent = data.copied }
    catch { copy.textContent = data.copy_failed }
    setTimeout(() => { copy.textContent = data.copy }, 2500)
  }
  return () => { clearTimeout(memory.timer); memory.observer?.disconnect() }
}
