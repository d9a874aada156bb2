// Projector mode and the language (told to Python: triggers "projector" and "language") and the theme (kept by Streamlit in this browser, one entry a path: all are set alike).
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
  document.documentElement.lang = data.tag
  const language = parentElement.querySelector(".language")
  language.setAttribute("aria-label", data.language_label)
  language.title = data.language_label
  language.replaceChildren(...Object.entries(data.languages).map(([name, own]) => {
    const option = new Option(own, name, false, name === data.language)
    option.lang = name
    return option
  }))
  language.onchange = () => setTriggerValue("language", language.value)

  // The device may turn dark while one looks: components follow by themselves, plotly's pictures are drawn anew by Python.
  const isDark = colour(parentElement, "raised")[0] < 128
  if (parentElement.isDark !== undefined && parentElement.isDark !== isDark) setTriggerValue("scheme", isDark)
  parentElement.isDark = isDark
  document.documentElement.style.colorScheme = isDark ? "dark" : "light" // popovers lie outside of Streamlit's own

  theme.onclick = () => setTheme(ORDER[(ORDER.indexOf(now) + 1) % ORDER.length], data.pages)
}
