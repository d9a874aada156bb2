// What all the drawings paint with: the theme's inks and fonts, a sharp canvas, short labels.
class Inks {
  constructor(root) {
    const roles = ["raised", "probability", "text", "muted", "line", "query", "key"]
    this.colours = Object.fromEntries(roles.map((role) => [role, colour(root, role)]))
    this.isDark = this.colours.raised[0] < 128
    const style = getComputedStyle(root.querySelector(".stage"))
    this.size = parseFloat(style.fontSize)
    this.mono = style.getPropertyValue("--st-code-font") || "monospace"
    this.sans = style.fontFamily
  }

  of(role, alpha = 1) { return `rgba(${this.colours[role].join(",")},${alpha})` }
  mixed(share) { return this.colours.raised.map((c, i) => Math.round(c + share * (this.colours.probability[i] - c))) }
  isDeep(share) { return share > (this.isDark ? DEEP.dark : DEEP.light) }
}

function sharp(canvas, width, height) { // a canvas of that size, empty, with all the pixels of the screen
  const ratio = devicePixelRatio || 1
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  canvas.style.width = `${width}px`
  canvas.style.height = `${height}px`
  const g = canvas.getContext("2d")
  g.setTransform(ratio, 0, 0, ratio, 0, 0)
  g.textBaseline = "middle"
  return g
}

function short(label) {
  const letters = [...label]
  return letters.length > 12 ? letters.slice(0, 11).join("") + "…" : label
}

function widest(picture, font, labels) { // px
  const g = picture.canvas.getContext("2d")
  g.font = `${font}px ${picture.inks.mono}`
  return Math.max(...labels.map((label) => g.measureText(short(label)).width))
}
