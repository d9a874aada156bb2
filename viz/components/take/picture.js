// The picture of a card, drawn anew as SVG from what it shows: its boxes, its lines of text, its drawings and canvases.
const MARGIN = 20
const walk = (picture, into, element, struck = "") => {
  const style = getComputedStyle(element)
  if (style.display === "none") return undefined
  let group = into
  if (style.opacity !== "1") into.append((group = node("g", { opacity: style.opacity })))
  const rects = style.display === "inline" ? [...element.getClientRects()] : [element.getBoundingClientRect()]
  const isField = element.matches("input, textarea, select"), isInField = Boolean(element.closest(FIELDS)), isVisible = style.visibility !== "hidden"
  const isBox = isVisible && !isField && !isInField && style.display !== "contents", isOpened = picture.opened.has(element)
  const draw = (only) => isBox && rects.forEach((rect) => rect.width && rect.height && box(picture, group, rect, style, only))
  draw(isOpened ? "ground" : undefined)
  if (element instanceof SVGSVGElement) return isInField || element.closest("button[data-testid]") ? undefined : copySvg(picture, group, element)
  if (element instanceof HTMLCanvasElement) return copyCanvas(picture, group, element, style)
  if (isField) return isVisible ? writeField(picture, group, element, style) : undefined
  const outer = group
  if (style.overflow !== "visible" && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) {
    const id = `c${++picture.n}`
    picture.defs.append(node("clipPath", { id }, node("rect", where(picture, rects[0]))))
    group.append((group = node("g", { "clip-path": `url(#${id})` })))
  }
  const line = style.textDecorationStyle === "dotted" ? "none" : style.textDecorationLine // dots mark a word of the glossary
  const now = line === "none" ? struck : line
  if (isVisible) writeMark(picture, group, element, "::before", now)
  for (const child of (element.shadowRoot ?? element).childNodes) {
    if (child instanceof Text) isVisible && child.data.trim() !== "" && writeLines(picture, group, child, style, now)
    else if (child instanceof Element) walk(picture, group, child, now)
  }
  if (isVisible) writeMark(picture, group, element, "::after", now)
  group = outer
  if (isOpened) draw("frame") // over what lies at its corners
  return undefined
}
// The card as one SVG: {text, width, height}. `source` is the line below it, `made` says in its metadata what made it.
const pictureOf = async (card, source, made) => {
  const picture = drawing(card), fold = unroll(card, picture.opened), style = getComputedStyle(card)
  try {
    picture.origin = card.getBoundingClientRect()
    for (const child of card.children) walk(picture, picture.out, child)
  } finally { fold() }
  const width = Math.ceil(Math.max(picture.right + MARGIN, 320)), height = Math.ceil(picture.bottom + MARGIN + 18)
  const ink = plain(getComputedStyle(card.querySelector("h2") ?? card).color)
  const note = node("text", { x: MARGIN, y: height - 12, fill: ink, opacity: 0.65, "font-family": style.fontFamily, "font-size": "12px" })
  note.append(source)
  const svg = node("svg", { xmlns: NS, width, height, viewBox: `0 0 ${width} ${height}` })
  const faces = await fontFaces(picture)
  const ground = isSeen(style.backgroundColor) ? style.backgroundColor : getComputedStyle(document.body).backgroundColor
  svg.append(node("metadata", {}, Object.values(made).join("\n")))
  svg.append(node("style", {}, faces), picture.defs, node("rect", { width, height, fill: plain(ground) }), picture.out, note)
  return { text: new XMLSerializer().serializeToString(svg), width, height }
}
