// Boxes: their ground, gradient, border, outline.
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
  const shape = (grow, more) => node("rect", {
    x: at.x - grow, y: at.y - grow, width: Math.max(0, at.width + 2 * grow), height: Math.max(0, at.height + 2 * grow),
    rx: rx ? Math.max(0, rx + grow) : undefined, fill: "none", ...more,
  })
  if (only !== "frame" && isSeen(style.backgroundColor)) into.append(shape(0, { fill: plain(style.backgroundColor) }))
  const shaded = only !== "frame" && style.backgroundImage !== "none" && gradient(picture, style.backgroundImage, at)
  if (shaded) into.append(shape(0, { fill: shaded }))
  if (only !== "ground") frame(into, at, style, shape, rx)
  if (into.childElementCount > before) place(picture, rect)
}
const frame = (into, at, style, shape, rx) => {
  const sides = ["Top", "Right", "Bottom", "Left"].map((side) => {
    const line = style[`border${side}Style`]
    return { width: line === "none" ? 0 : px(style[`border${side}Width`]), line, color: style[`border${side}Color`] }
  })
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
