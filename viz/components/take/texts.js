// Text: lines as the browser broke them, marks that CSS writes, the words in a field.

// A piece of text on one line; its width is kept whatever font the reader has.
const write = (picture, into, text, rect, style, struck) => {
  const at = place(picture, rect), isLeft = style.direction === "rtl"
  const family = style.fontFamily.split(",")[0].trim().replace(/["']/g, "")
  picture.fonts.set(`${family}|${style.fontStyle}`, { family, style: style.fontStyle })
  picture.pen.font = fontOf(style)
  const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = picture.pen.measureText("x")
  const element = node("text", {
    x: isLeft ? at.x + at.width : at.x, y: at.y + (at.height * up) / (up + down),
    textLength: text.length > 1 && at.width > 0 ? at.width : undefined, lengthAdjust: "spacingAndGlyphs", fill: plain(style.color),
    "font-family": style.fontFamily, "font-size": style.fontSize, "font-weight": style.fontWeight,
    "font-style": style.fontStyle === "normal" ? undefined : style.fontStyle,
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
        const left = Math.min(line.rect.left, rect.left), right = Math.max(line.rect.right, rect.right)
        line.rect = new DOMRect(left, line.rect.top, right - left, line.rect.height)
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
  picture.pen.font = fontOf(style)
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
  picture.pen.font = fontOf(style)
  const { width, fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = picture.pen.measureText(said)
  write(picture, into, said, new DOMRect(ground.left + (side - width) / 2, ground.top + (side - up - down) / 2, width, up + down), style)
}
const writeField = (picture, into, field, style) => {
  const rect = field.getBoundingClientRect()
  picture.pen.font = fontOf(style)
  const lines = field.value.split("\n"), { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = picture.pen.measureText("x")
  lines.forEach((line, i) => {
    const width = picture.pen.measureText(line).width, height = up + down, isEnd = style.textAlign === "end"
    const left = isEnd ? rect.right - px(style.paddingRight) - width : rect.left + px(style.paddingLeft)
    const top = field.tagName === "TEXTAREA" ? rect.top + px(style.paddingTop) + i * px(style.lineHeight) : rect.top + (rect.height - height) / 2
    if (line && top + height < rect.bottom + 4) write(picture, into, line, new DOMRect(left, top, width, height), style)
  })
}
