// The words that the picture is written in: nodes of SVG, and values of CSS as every program reads them.
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
const fontOf = (style) => `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
