// What a picture leaves out, and what it opens up because on the screen it scrolls.
const LONGEST = 6000 // px; what scrolls is opened up to this
const CONTROLS = [ // of Streamlit
  "[data-testid=stButton]", "[data-testid=stDownloadButton]", "[data-testid=stPopover]", "[data-testid=stPageLink]", "[data-testid=stSlider]",
  "[data-testid=stFormSubmitButton]", "[data-testid=stTooltipIcon]", "[data-testid=stSpinner]", "[data-testid=stElementToolbar]", "[class*=st-key-quiet_]",
  ".modebar-container", ".hoverlayer", "style", "script", "template",
].join(",")
const OWN_CONTROLS = [ // of components
  "[role=radiogroup]", ".controls:has([role=radiogroup])", ".controls:has(button)", ".presets", ".sizes", ".tools:has(button)", ".tools:has(input)", ".control .ends",
  "input[type=range]", "input[type=checkbox]", ".visually-hidden", "style", "script",
].join(",")
const FIELDS = "[data-testid=stTextInput], [data-testid=stNumberInput], [data-testid=stTextArea], [data-testid=stSelectbox], [data-testid=stMultiSelect]"
// All elements below one, those in shadow roots too.
const below = (root) => [...root.querySelectorAll("*")].flatMap((each) => each.shadowRoot ? [each, ...below(each.shadowRoot)] : [each])
// Whether an element is a control, or a field with nothing in it.
const isControl = (element) => {
  if (element.getRootNode() instanceof ShadowRoot) return element.matches(OWN_CONTROLS)
  if (element.matches(CONTROLS)) return true
  if (element.matches(FIELDS)) return ![...element.querySelectorAll("input, textarea")].some((field) => field.value)
  const choices = '[aria-checked="true"], [aria-pressed="true"], [data-selected="true"]'
  if (element.matches("[data-testid=stButtonGroup]")) return !element.querySelector(choices)
  return element.matches("[data-testid=stButtonGroup] button") && !element.matches(choices) && !element.querySelector(choices)
}
// Take controls out and open what scrolls, so that the picture closes up and holds all; gives a function that undoes it.
const unroll = (card, opened) => {
  const undo = []
  const set = (element, name, to) => {
    const before = [element.style.getPropertyValue(name), element.style.getPropertyPriority(name)]
    element.style.setProperty(name, to, "important")
    undo.push(() => element.style.setProperty(name, ...before))
  }
  const all = below(card)
  for (const element of all) if (isControl(element)) set(element, "display", "none")
  for (const element of all) {
    const style = getComputedStyle(element)
    if (style.position === "sticky") set(element, "position", "static")
    const scrolls = [style.overflowX, style.overflowY].some((each) => each === "auto" || each === "scroll")
    if (!scrolls || element.matches("input, textarea") || element.scrollHeight > LONGEST || element.scrollWidth > LONGEST) continue
    opened.add(element)
    set(element, "overflow", "visible")
    set(element, "max-height", "none")
  }
  return () => undo.reverse().forEach((each) => each())
}
