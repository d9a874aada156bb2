// The menu "Take away" of every card on a screen. The cards only hold a button; what it does is here, once a screen.
const save = (blob, name) => {
  const link = make("a")
  link.href = URL.createObjectURL(blob)
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
// Copying without leave of the browser: pages served to a class without https have no clipboard.
const copied = async (text, field) => {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    Object.assign(field, { hidden: false, value: text })
    field.select()
    return document.execCommand("copy")
  }
}

export default function ({ data, parentElement }) {
  const menu = parentElement.querySelector(".menu"), says = menu.querySelector(".says"), field = menu.querySelector(".address")
  const items = [...menu.querySelectorAll("button")], words = data.words
  const cardOf = (key) => document.querySelector(`.st-key-card_${CSS.escape(key)}`)
  const buttonOf = (key) => document.querySelector(`.st-key-${CSS.escape(key)} button`)
  const state = (parentElement.__take ??= {})
  state.data = data
  menu.setAttribute("aria-label", words.menu)
  items.forEach((item) => item.replaceChildren(words[item.dataset.what]))
  const can = (item, is, why) => {
    item.setAttribute("aria-disabled", String(!is))
    if (!is) item.append(make("small", why))
  }
  const open = (trigger) => {
    state.key = trigger.dataset.card
    state.trigger = trigger
    says.textContent = ""
    field.hidden = true
    items.forEach((item) => item.replaceChildren(words[item.dataset.what]))
    can(items[2], Boolean(buttonOf(`take_csv_${state.key}`)), words.no_numbers)
    can(items[3], data.fits, words.too_long)
    menu.showPopover()
    const at = trigger.getBoundingClientRect(), size = menu.getBoundingClientRect()
    const under = at.bottom + 4 + size.height < innerHeight || at.top < size.height
    Object.assign(menu.style, { left: `${clamp(at.left, 4, Math.max(4, innerWidth - size.width - 4))}px`, top: `${under ? Math.min(at.bottom + 4, Math.max(4, innerHeight - size.height - 4)) : at.top - 4 - size.height}px` })
    items[0].focus()
  }
  const take = async (what) => {
    const name = `tokenscope-${state.key.replaceAll("_", "-")}`
    if (what === "csv") buttonOf(`take_csv_${state.key}`).click()
    if (what === "notebook") buttonOf("take_notebook").click()
    if (what === "link") return (await copied(location.href, field)) ? words.copied : words.copy_by_hand
    if (what === "png" || what === "svg") {
      const made = { Software: data.software, ...(data.fits && { Comment: location.href }) } // keywords of PNG
      const svg = await pictureOf(cardOf(state.key), data.source, made)
      save(what === "svg" ? new Blob([svg.text], { type: "image/svg+xml" }) : await pngOf(svg, made), `${name}.${what}`)
    }
    menu.hidePopover()
    return ""
  }
  menu.onclick = async (event) => {
    const item = event.target.closest("button")
    if (!item || item.getAttribute("aria-disabled") === "true") return
    says.textContent = ["png", "svg"].includes(item.dataset.what) ? words.drawing : ""
    try {
      says.textContent = await take(item.dataset.what)
    } catch (error) {
      console.warn(error)
      says.textContent = words.cannot
    }
  }
  menu.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], here = items.indexOf(parentElement.activeElement ?? parentElement.getRootNode().activeElement)
    if (!step) return
    event.preventDefault()
    items[(here + step + items.length) % items.length].focus()
  }
  menu.ontoggle = (event) => {
    state.trigger?.setAttribute("aria-expanded", String(event.newState === "open"))
    if (event.newState === "closed" && parentElement.activeElement) state.trigger?.focus()
  }
  state.clicked ??= (event) => {
    const trigger = event.target.closest?.("button.ts-take")
    if (trigger?.dataset.what === "csv") buttonOf(`take_csv_${trigger.dataset.card}`)?.click()
    else if (trigger) state.open(trigger)
  }
  state.open = open
  document.removeEventListener("click", state.clicked)
  document.addEventListener("click", state.clicked)
  return () => document.removeEventListener("click", state.clicked)
}
