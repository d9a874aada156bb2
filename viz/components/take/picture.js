// The picture of a card, drawn anew as SVG from what it shows: its boxes, its lines of text, its drawings and canvases.
const SCALE = 2 // a PNG has twice the pixels of the screen
const LONGEST = 6000 // px; what scrolls is opened up to this
const LARGEST_CANVAS = 12000
const MARGIN = 20
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
const DRAWN = [
  "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "display", "visibility",
  "font-family", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline", "paint-order", "stop-color", "stop-opacity", "white-space", "mix-blend-mode",
]
const NS = "http://www.w3.org/2000/svg"
const node = (tag, attributes, ...children) => {
  const element = document.createElementNS(NS, tag)
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined && value !== "") element.setAttribute(name, typeof value === "number" ? +value.toFixed(2) : value)
  element.append(...children)
  return element
}
// What CSS computes for a mixed colour, color(srgb …), in words that every program reads.
const plain = (value) => value.replace(/color\(srgb ([\d.e+-]+) ([\d.e+-]+) ([\d.e+-]+)(?: \/ ([\d.e+-]+))?\)/g, (_, r, g, b, a) =>
  `rgba(${[r, g, b].map((x) => Math.round(clamp(255 * x, 0, 255))).join(", ")}, ${a ?? 1})`)
const isSeen = (value) => value && !/^transparent$|, 0\)$|\/ 0\)$/.test(value)
const px = (value) => parseFloat(value) || 0

// One picture being drawn: `out` collects shapes, `box` is what they cover, `fonts` what they are written in.
const drawing = (card) => ({ out: node("g", {}), defs: node("defs", {}), n: 0, fonts: new Map(), opened: new Set(), origin: card.getBoundingClientRect(), right: 0, bottom: 0, pen: make("canvas").getContext("2d") })
const where = (picture, rect) => ({ x: rect.left - picture.origin.left, y: rect.top - picture.origin.top, width: rect.width, height: rect.height })
const place = (picture, rect) => { // of what is seen: the picture grows to hold it
  const at = where(picture, rect)
  picture.right = Math.max(picture.right, at.x + at.width)
  picture.bottom = Math.max(picture.bottom, at.y + at.height)
  return at
}
const gradient = (picture, image, at) => {
  const found = /^(repeating-)?linear-gradient\((.*)\)$/.exec(image)
  if (!found) return undefined
  const parts = plain(found[2]).split(/,(?![^(]*\))/).map((part) => part.trim())
  const turn = /^(to |-?[\d.]+deg)/.test(parts[0]) ? parts.shift() : "to bottom"
  const degrees = { "to right": 90, "to left": 270, "to bottom": 180, "to top": 0 }[turn] ?? px(turn)
  const angle = (degrees * Math.PI) / 180, dx = Math.sin(angle), dy = -Math.cos(angle)
  const length = Math.abs(at.width * dx) + Math.abs(at.height * dy), cx = at.x + at.width / 2, cy = at.y + at.height / 2
  const stops = parts.flatMap((part) => {
    const [, color, ...spots] = /^(rgba?\([^)]*\)|#\w+|[a-z]+)\s*(\S+)?\s*(\S+)?$/.exec(part) ?? []
    const places = spots.filter(Boolean)
    return color ? (places.length ? places.map((spot) => ({ color, spot })) : [{ color }]) : []
  })
  const unit = (spot) => spot === undefined ? undefined : spot.endsWith("%") ? px(spot) / 100 : px(spot) / length
  const end = found[1] ? Math.max(...stops.map((stop) => unit(stop.spot) ?? 0)) || 1 : 1
  const from = { x: cx - (dx * length) / 2, y: cy - (dy * length) / 2 }
  const id = `g${++picture.n}`
  picture.defs.append(node("linearGradient", { id, gradientUnits: "userSpaceOnUse", x1: from.x, y1: from.y, x2: from.x + dx * length * end, y2: from.y + dy * length * end, spreadMethod: found[1] ? "repeat" : "pad" },
    ...stops.map((stop, i) => node("stop", { offset: clamp((unit(stop.spot) ?? i / Math.max(1, stops.length - 1)) / end, 0, 1), "stop-color": stop.color }))))
  return `url(#${id})`
}
// Ground, border and outline of one box; or one of "ground" and "frame" alone.
const box = (picture, into, rect, style, only) => {
  const at = where(picture, rect), half = Math.min(at.width, at.height) / 2
  const corner = style.borderTopLeftRadius, rx = Math.min(corner.endsWith("%") ? (px(corner) / 100) * at.width : px(corner), half)
  const before = into.childElementCount
  const shape = (grow, more) => node("rect", { x: at.x - grow, y: at.y - grow, width: Math.max(0, at.width + 2 * grow), height: Math.max(0, at.height + 2 * grow), rx: rx ? Math.max(0, rx + grow) : undefined, fill: "none", ...more })
  if (only !== "frame" && isSeen(style.backgroundColor)) into.append(shape(0, { fill: plain(style.backgroundColor) }))
  const shaded = only !== "frame" && style.backgroundImage !== "none" && gradient(picture, style.backgroundImage, at)
  if (shaded) into.append(shape(0, { fill: shaded }))
  if (only !== "ground") frame(into, at, style, shape, rx)
  if (into.childElementCount > before) place(picture, rect)
}
const frame = (into, at, style, shape, rx) => {
  const sides = ["Top", "Right", "Bottom", "Left"].map((side) => ({ width: style[`border${side}Style`] === "none" ? 0 : px(style[`border${side}Width`]), line: style[`border${side}Style`], color: style[`border${side}Color`] }))
  const dash = (side) => side.line === "dashed" ? `${3 * side.width} ${2 * side.width}` : side.line === "dotted" ? `${side.width} ${side.width}` : undefined
  const drawn = sides.map((side) => side.width > 0 && isSeen(side.color))
  const [top, right, bottom, left] = sides
  const isFrame = drawn.every(Boolean) && [right, left].every((side) => side.width === top.width && side.color === top.color && side.line === top.line)
  if (isFrame) into.append(shape(-top.width / 2, { stroke: plain(top.color), "stroke-width": top.width, "stroke-dasharray": dash(top) }))
  const line = (side, x1, y1, x2, y2) => into.append(node("line", { x1, y1, x2, y2, stroke: plain(side.color), "stroke-width": side.width, "stroke-dasharray": dash(side) }))
  const inset = isFrame ? rx / 2 : 0, low = at.y + at.height - bottom.width / 2
  if (drawn[2] && (!isFrame || bottom.width !== top.width || bottom.color !== top.color)) line(bottom, at.x + inset, low, at.x + at.width - inset, low)
  if (!isFrame) {
    if (drawn[0]) line(top, at.x, at.y + top.width / 2, at.x + at.width, at.y + top.width / 2)
    if (drawn[1]) line(right, at.x + at.width - right.width / 2, at.y, at.x + at.width - right.width / 2, at.y + at.height)
    if (drawn[3]) line(left, at.x + left.width / 2, at.y, at.x + left.width / 2, at.y + at.height)
  }
  const ring = /^(.*?) 0px 0px 0px (\d+)px$/.exec(style.boxShadow)
  if (ring) into.append(shape(ring[2] / 2, { stroke: plain(ring[1]), "stroke-width": px(ring[2]) }))
  const outline = style.outlineStyle === "none" ? 0 : px(style.outlineWidth)
  if (outline && isSeen(style.outlineColor)) into.append(shape(px(style.outlineOffset) + outline / 2, { stroke: plain(style.outlineColor), "stroke-width": outline }))
}
// A piece of text on one line; its width is kept whatever font the reader has.
const write = (picture, into, text, rect, style, struck) => {
  const at = place(picture, rect), isLeft = style.direction === "rtl"
  const family = style.fontFamily.split(",")[0].trim().replace(/["']/g, "")
  picture.fonts.set(`${family}|${style.fontStyle}`, { family, style: style.fontStyle })
  picture.pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
  const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = picture.pen.measureText("x")
  const element = node("text", {
    x: isLeft ? at.x + at.width : at.x, y: at.y + (at.height * up) / (up + down), textLength: text.length > 1 && at.width > 0 ? at.width : undefined, lengthAdjust: "spacingAndGlyphs",
    fill: plain(style.color), "font-family": style.fontFamily, "font-size": style.fontSize, "font-weight": style.fontWeight, "font-style": style.fontStyle === "normal" ? undefined : style.fontStyle,
    direction: isLeft ? "rtl" : undefined, "text-decoration": struck || undefined, style: "white-space: pre",
  })
  element.append({ uppercase: text.toUpperCase(), lowercase: text.toLowerCase() }[style.textTransform] ?? text)
  into.append(element)
}
const writeLines = (picture, into, text, style, struck) => {
  const range = document.createRange(), whole = text.data
  const keeps = style.whiteSpace.startsWith("pre") || style.whiteSpace === "break-spaces"
  const shown = (piece) => keeps ? piece.replace(/\n/g, "") : piece.replace(/\s+/g, " ")
  range.selectNodeContents(text)
  const lines = [], isOneLine = new Set([...range.getClientRects()].filter((r) => r.width).map((r) => Math.round(r.top))).size <= 1
  if (isOneLine && (keeps || whole === whole.trim())) lines.push({ piece: whole, rect: range.getBoundingClientRect() })
  else {
    let at = 0
    for (const letter of whole) {
      range.setStart(text, at)
      range.setEnd(text, (at += letter.length))
      const rect = range.getBoundingClientRect(), line = lines.at(-1)
      if (!rect.width) {
        if (line && letter.trim()) line.piece += letter // a mark on the letter before; a space without width is not shown
      } else if (line && Math.abs(rect.top - line.rect.top) < 2) {
        line.piece += letter
        line.rect = new DOMRect(Math.min(line.rect.left, rect.left), line.rect.top, Math.max(line.rect.right, rect.right) - Math.min(line.rect.left, rect.left), line.rect.height)
      } else lines.push({ piece: letter, rect })
    }
  }
  for (const { piece, rect } of lines) if (piece.trim() && rect.width) write(picture, into, shown(piece), rect, style, struck)
}
// What CSS writes before or after an element, at its edge: small marks such as ▸ ■ 1.
const writeMark = (picture, into, element, which, struck) => {
  const style = getComputedStyle(element, which), said = /^"(.*)"$/.exec(style.content)?.[1]
  if (style.content.startsWith("counter(")) return writeCounter(picture, into, element, style)
  if (style.content === '""' && style.position === "absolute") { // a line or a dot
    const corner = element.getBoundingClientRect()
    return box(picture, into, new DOMRect(corner.left + px(style.left), corner.top + px(style.top), px(style.width), px(style.height)), style)
  }
  if (!said || style.display === "none") return
  picture.pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
  const { width, fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = picture.pen.measureText(said)
  const rect = element.getBoundingClientRect(), parent = getComputedStyle(element)
  const height = up + down, top = rect.top + (style.position === "absolute" ? px(style.top) : (rect.height - height) / 2)
  const left = which === "::before" ? rect.left + px(parent.paddingLeft) + px(parent.borderLeftWidth) : rect.right - px(parent.paddingRight) - px(parent.borderRightWidth) - width
  write(picture, into, said, new DOMRect(style.position === "absolute" ? rect.left + (rect.width - width) / 2 : left, top, width, height), style, struck)
}
const writeCounter = (picture, into, element, style) => {
  const rect = element.getBoundingClientRect(), side = px(style.height)
  const ground = new DOMRect(rect.left, rect.top + (rect.height - side) / 2, side, side)
  box(picture, into, ground, style)
  const said = String([...element.parentElement.children].indexOf(element) + 1)
  picture.pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
  const { width, fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = picture.pen.measureText(said)
  write(picture, into, said, new DOMRect(ground.left + (side - width) / 2, ground.top + (side - up - down) / 2, width, up + down), style)
}
const copySvg = (picture, into, svg) => {
  const at = place(picture, svg.getBoundingClientRect()), copy = svg.cloneNode(true)
  const from = [svg, ...svg.querySelectorAll("*")], to = [copy, ...copy.querySelectorAll("*")]
  from.forEach((element, i) => {
    if (element.closest(".hoverlayer, .modebar")) return
    const style = getComputedStyle(element)
    to[i].removeAttribute("style")
    to[i].removeAttribute("class")
    if (element.closest("defs, clipPath")) return
    for (const name of DRAWN) to[i].style.setProperty(name, plain(style.getPropertyValue(name)))
    if (element.tagName === "text") picture.fonts.set(`${style.fontFamily}|normal`, { family: style.fontFamily.split(",")[0].trim().replace(/["']/g, ""), style: "normal" })
    if (element.hasAttribute("clip-path")) to[i].setAttribute("clip-path", element.getAttribute("clip-path").replace(/url\(["']?[^#]*#([^"')]+)["']?\)/, "url(#$1)"))
  })
  copy.querySelectorAll(".hoverlayer, .modebar").forEach((extra) => extra.remove())
  for (const [name, value] of Object.entries({ x: at.x, y: at.y, width: at.width, height: at.height })) copy.setAttribute(name, value)
  copy.style.setProperty("overflow", getComputedStyle(svg).overflow)
  copy.style.setProperty("position", "static")
  into.append(copy)
}
// What an object with draw() painted is painted once more with more pixels; plotly knows how to read its own 3D scenes.
const pixels = (canvas) => {
  const chart = canvas.closest(".js-plotly-plot"), scene = chart && Object.values(chart._fullLayout ?? {}).find((each) => each?._scene)?._scene
  if (scene) return scene.toImage("png")
  const painter = Object.values(canvas.getRootNode()).find((each) => typeof each?.draw === "function")
  if (!painter) return canvas.toDataURL()
  const paint = () => { painter.measure?.(); painter.draw() }
  const usual = Object.getOwnPropertyDescriptor(window, "devicePixelRatio")
  Object.defineProperty(window, "devicePixelRatio", { configurable: true, get: () => SCALE })
  try {
    paint()
    return canvas.toDataURL()
  } finally {
    Object.defineProperty(window, "devicePixelRatio", usual)
    paint()
  }
}
const copyCanvas = (picture, into, canvas, style) => {
  if (!canvas.width || !canvas.height) return
  const rendering = style.imageRendering === "pixelated" ? "image-rendering: pixelated" : undefined
  const outside = canvas.getBoundingClientRect(), [top, right, bottom, left] = ["Top", "Right", "Bottom", "Left"].map((side) => px(style[`border${side}Width`]))
  const inside = new DOMRect(outside.left + left, outside.top + top, outside.width - left - right, outside.height - top - bottom)
  into.append(node("image", { ...place(picture, inside), href: pixels(canvas), preserveAspectRatio: "none", style: rendering }))
}
const value = (picture, into, field, style) => {
  const rect = field.getBoundingClientRect()
  picture.pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
  const lines = field.value.split("\n"), { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = picture.pen.measureText("x")
  lines.forEach((line, i) => {
    const width = picture.pen.measureText(line).width, height = up + down, isEnd = style.textAlign === "end"
    const left = isEnd ? rect.right - px(style.paddingRight) - width : rect.left + px(style.paddingLeft)
    const top = field.tagName === "TEXTAREA" ? rect.top + px(style.paddingTop) + i * px(style.lineHeight) : rect.top + (rect.height - height) / 2
    if (line && top + height < rect.bottom + 4) write(picture, into, line, new DOMRect(left, top, width, height), style)
  })
}
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
  if (isField) return isVisible ? value(picture, group, element, style) : undefined
  const outer = group
  if (style.overflow !== "visible" && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) {
    const id = `c${++picture.n}`
    picture.defs.append(node("clipPath", { id }, node("rect", where(picture, rects[0]))))
    group.append((group = node("g", { "clip-path": `url(#${id})` })))
  }
  const line = style.textDecorationStyle === "dotted" ? "none" : style.textDecorationLine, now = line === "none" ? struck : line // dots mark a word of the glossary
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
const fontFaces = async (picture) => {
  const wanted = [...picture.fonts.values()], faces = []
  for (const sheet of document.styleSheets) {
    let rules = []
    try { rules = [...sheet.cssRules] } catch { continue } // a sheet of another host; there is none of ours
    for (const rule of rules) {
      if (!(rule instanceof CSSFontFaceRule)) continue
      const family = rule.style.getPropertyValue("font-family").replace(/["']/g, ""), slant = rule.style.getPropertyValue("font-style") || "normal"
      const from = /url\(["']?([^"')]+)["']?\)/.exec(rule.style.getPropertyValue("src"))?.[1]
      if (!from || !wanted.some((each) => each.family === family && (each.style === "normal") === (slant === "normal"))) continue
      const data = await (await fetch(new URL(from, sheet.href ?? document.baseURI))).blob()
      const coded = await new Promise((done) => { const reader = new FileReader(); reader.onload = () => done(reader.result); reader.readAsDataURL(data) })
      faces.push(`@font-face{font-family:"${family}";font-style:${slant};font-weight:${rule.style.getPropertyValue("font-weight") || "400"};src:url(${coded})}`)
    }
  }
  return faces.join("")
}
// The card as one SVG: {text, width, height}.
const pictureOf = async (card, source) => {
  const picture = drawing(card), fold = unroll(card, picture.opened), style = getComputedStyle(card)
  try {
    picture.origin = card.getBoundingClientRect()
    for (const child of card.children) walk(picture, picture.out, child)
  } finally { fold() }
  const width = Math.ceil(Math.max(picture.right + MARGIN, 320)), height = Math.ceil(picture.bottom + MARGIN + 18)
  const note = node("text", { x: MARGIN, y: height - 12, fill: plain(getComputedStyle(card.querySelector("h2") ?? card).color), opacity: 0.65, "font-family": style.fontFamily, "font-size": "12px" })
  note.append(source)
  const svg = node("svg", { xmlns: NS, width, height, viewBox: `0 0 ${width} ${height}` })
  const faces = make("style", await fontFaces(picture))
  svg.append(node("style", {}, faces.textContent), picture.defs, node("rect", { width, height, fill: plain(isSeen(style.backgroundColor) ? style.backgroundColor : getComputedStyle(document.body).backgroundColor) }), picture.out, note)
  return { text: new XMLSerializer().serializeToString(svg), width, height }
}
const pngOf = async ({ text, width, height }) => {
  const drawn = new Image()
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }))
  try {
    drawn.src = address
    await drawn.decode()
    const scale = Math.min(SCALE, LARGEST_CANVAS / width, LARGEST_CANVAS / height), canvas = make("canvas")
    Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) })
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height)
    return await new Promise((done, fail) => canvas.toBlob((blob) => blob ? done(blob) : fail(new Error("empty picture")), "image/png"))
  } finally { URL.revokeObjectURL(address) }
}
