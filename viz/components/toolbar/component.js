// Projector mode (told to Python) and the theme (kept by Streamlit in this browser, one entry a path: all are set alike).
const ORDER = ["System", "Light", "Dark"]
const ENTRY = /^stActiveTheme-.*-v2$/

function themeNow() {
  const stored = Object.keys(localStorage).filter((key) => ENTRY.test(key)).map((key) => localStorage.getItem(key))
  const name = stored.length ? JSON.parse(stored[0]) : "System"
  return ORDER.includes(name) ? name : "System"
}

function setTheme(name, pages) {
  const base = location.pathname.replace(/[^/]*$/, "")
  Object.keys(localStorage).filter((key) => ENTRY.test(key)).forEach((key) => localStorage.removeItem(key))
  if (name !== "System") for (const page of pages) localStorage.setItem(`stActiveTheme-${base}${page}-v2`, JSON.stringify(name))
  location.reload()
}

export default function ({ data, parentElement, setTriggerValue }) {
  const projector = parentElement.querySelector(".projector")
  projector.textContent = data.projector_label
  projector.title = data.projector_help
  projector.setAttribute("aria-pressed", String(data.projector))
  projector.onclick = () => setTriggerValue("projector", !data.projector)

  const theme = parentElement.querySelector(".theme")
  const now = themeNow()
  theme.textContent = data.themes[now]
  theme.title = data.theme_help
  theme.onclick = () => setTheme(ORDER[(ORDER.indexOf(now) + 1) % ORDER.length], data.pages)
}
