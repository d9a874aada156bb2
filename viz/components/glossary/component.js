// Explains words where they stand. The first place of each term in our own sentences becomes a mark (.ts-term); hovering,
// focusing or tapping a mark opens one card for all, outside the shadow root, styled in style.css. Tokens and what a person
// typed (code, bdi, text in quotation marks) are never marked. Escape closes; Enter on a mark leads into the card.
const OURS = ".ts-answer, .ts-note, .ts-help, .ts-facts th"
const NEVER = "code, bdi, a, button, .ts-term, .ts-plain"
const WAIT_MS = 250

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
// A word of letters with case ends where its letters end; Chinese has no such ends. The ends stand once around all words:
// around each of them they take the browser a fifth of a second to compile.
const hasCase = (form) => /^[\p{Lu}\p{Ll}]/u.test(form)
const anyOf = (forms) => `(?:${forms.map(escaped).join("|") || "(?!)"})`

function finder(terms) {
  const byForm = new Map(terms.flatMap((term) => term.forms.map((form) => [form.toLowerCase(), term])))
  const longestFirst = [...byForm.keys()].sort((a, b) => b.length - a.length)
  const words = anyOf(longestFirst.filter(hasCase)), signs = anyOf(longestFirst.filter((form) => !hasCase(form)))
  return { byForm, pattern: new RegExp(`(?<![\\p{L}\\p{N}-])${words}(?![\\p{L}\\p{N}-])|${signs}`, "giu") }
}

function isQuoted(text, at) {
  const before = text.slice(0, at)
  return before.lastIndexOf("“") > before.lastIndexOf("”")
}

function markText(node, found, done) {
  for (const match of node.data.matchAll(found.pattern)) {
    const term = found.byForm.get(match[0].toLowerCase())
    if (done.has(term.key) || isQuoted(node.data, match.index)) continue
    done.add(term.key)
    const rest = node.splitText(match.index)
    const after = rest.splitText(match[0].length)
    const mark = make("span", match[0], "ts-term")
    Object.assign(mark.dataset, { term: term.key, found: "" })
    mark.setAttribute("role", "button")
    mark.tabIndex = 0
    rest.replaceWith(mark)
    return markText(after, found, done)
  }
}

function markPage(found) {
  const done = new Set([...document.querySelectorAll(".ts-term[data-found]")].map((mark) => mark.dataset.term))
  for (const place of document.querySelectorAll(OURS)) {
    const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT)
    const texts = []
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(NEVER)) texts.push(walker.currentNode)
    const live = place.getAttribute("aria-live")
    if (live) place.setAttribute("aria-live", "off") // a mark is no news
    texts.forEach((text) => markText(text, found, done))
    if (live) requestAnimationFrame(() => place.setAttribute("aria-live", live))
  }
}

function cardOf() {
  let card = document.getElementById("ts-term-card")
  if (card) return card
  card = make("div")
  card.id = "ts-term-card"
  card.popover = "manual"
  card.append(make("b"), make("p"), make("small"), make("a"))
  card.querySelector("a").target = "_blank"
  document.body.append(card)
  return card
}

function place(card, mark) {
  const line = mark.getClientRects()[0]
  const { offsetWidth: width, offsetHeight: height } = card
  const below = line.bottom + 6 + height <= innerHeight || line.top < height + 6
  card.style.left = `${Math.max(8, Math.min(line.left, document.documentElement.clientWidth - width - 8))}px`
  card.style.top = `${below ? line.bottom + 6 : line.top - height - 6}px`
}

function explain(memory, mark) {
  const term = memory.byKey.get(mark.dataset.term)
  if (!term) return
  const card = cardOf()
  hide(memory)
  const [name, meaning, sources, more] = card.children
  name.textContent = term.forms[0]
  meaning.textContent = term.meaning
  sources.textContent = term.sources
  more.textContent = `${memory.data.more} ↗`
  more.href = `${location.pathname.replace(/[^/]*$/, "")}${memory.data.page}${location.search}#${term.anchor}`
  card.style.colorScheme = getComputedStyle(document.querySelector("[data-testid=stApp]")).colorScheme // it hangs outside
  card.showPopover()
  place(card, mark)
  mark.setAttribute("aria-describedby", card.id)
  mark.setAttribute("aria-expanded", "true")
  memory.mark = mark
}

function hide(memory) {
  clearTimeout(memory.timer)
  const card = document.getElementById("ts-term-card")
  if (card?.matches(":popover-open")) card.hidePopover()
  memory.mark?.removeAttribute("aria-describedby")
  memory.mark?.setAttribute("aria-expanded", "false")
  memory.mark = null
}

// One set of listeners for the page; `memory` outlives the screens of a session.
function listen(memory) {
  const markAt = (event) => event.target.closest?.(".ts-term")
  const later = (what) => { clearTimeout(memory.timer); memory.timer = setTimeout(what, WAIT_MS) }
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return
    const mark = markAt(event)
    if (mark === memory.mark && mark) return clearTimeout(memory.timer)
    if (mark) later(() => explain(memory, mark))
    else if (event.target.closest?.("#ts-term-card")) clearTimeout(memory.timer)
    else if (memory.mark && document.activeElement !== memory.mark) later(() => hide(memory))
    else if (!memory.mark) clearTimeout(memory.timer)
  })
  document.addEventListener("focusin", (event) => {
    const mark = markAt(event)
    if (mark?.matches(":focus-visible")) explain(memory, mark)
    else if (!event.target.closest?.("#ts-term-card") && memory.mark && !mark) hide(memory)
  })
  document.addEventListener("click", (event) => {
    const mark = markAt(event)
    if (mark) explain(memory, mark)
    else if (!event.target.closest?.("#ts-term-card")) hide(memory)
  })
  document.addEventListener("keydown", (event) => {
    const mark = markAt(event)
    if (event.key === "Escape" && memory.mark) { const was = memory.mark; hide(memory); if (document.activeElement?.closest("#ts-term-card")) was.focus() }
    if (mark && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); explain(memory, mark); cardOf().querySelector("a").focus() }
  })
  addEventListener("scroll", () => { if (memory.mark) place(cardOf(), memory.mark) }, { capture: true, passive: true })
}

function goToAnchor(memory) {
  if (!location.hash.startsWith("#term-") || memory.shown === location.hash) return
  const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (!entry) return
  memory.shown = location.hash
  entry.scrollIntoView({ block: "center" })
  entry.classList.add("ts-here")
}

export default function ({ data }) {
  const memory = (document.__tsGlossary ??= { mark: null, timer: null })
  memory.data = data
  memory.byKey = new Map(data.terms.map((term) => [term.key, term]))
  const found = finder(data.terms)
  if (!memory.listens) { memory.listens = true; listen(memory) }
  memory.observer?.disconnect()
  const look = () => {
    memory.due = null
    memory.observer.disconnect()
    if (memory.mark && !memory.mark.isConnected) hide(memory)
    markPage(found)
    goToAnchor(memory)
    memory.observer.observe(document.body, { childList: true, subtree: true, characterData: true })
  }
  memory.observer = new MutationObserver(() => { memory.due ??= setTimeout(look, 150) })
  look()
  return () => { memory.observer?.disconnect(); hide(memory) }
}
