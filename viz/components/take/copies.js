// What is copied instead of drawn anew: drawings in SVG, as CSS makes them look, and canvases.
const DRAWN = [
  "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "display", "visibility",
  "font-family", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline", "paint-order", "stop-color", "stop-opacity", "white-space", "mix-blend-mode",
]
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
