// Curves of some tokens' probability over the temperature, and a line at the temperature that is set now, which follows the slider.
// Bytes of viz/wire.py: header {labels, words}, temperatures [point] and p [token, point] float32.
const bus = (globalThis.tokenscopeSampling ??= new EventTarget())
const DASHES = [[], [9, 4], [3, 3], [12, 3, 3, 3], [1, 4]]
const ROLES = ["probability", "key", "value", "mlp", "query"]

class Curve {
  constructor(root) {
    this.root = root
    this.observer = new ResizeObserver(() => this.draw())
  }

  update(bytes) {
    this.data = unpack(bytes)
    this.inks = Object.fromEntries([...ROLES, "text", "muted", "line"].map((role) => [role, `rgb(${colour(this.root, role).join(",")})`]))
    this.root.querySelector("canvas").setAttribute("aria-label", this.data.words.label)
    this.draw()
  }

  // p of a token at any temperature, read off the curve between its two nearest points
  at(row, T) {
    const { temperatures, p } = this.data, n = temperatures.length
    let right = 1
    while (right < n - 1 && temperatures[right] < T) right++
    const share = clamp((T - temperatures[right - 1]) / (temperatures[right] - temperatures[right - 1]), 0, 1)
    return p[row * n + right - 1] * (1 - share) + p[row * n + right] * share
  }

  draw() {
    const canvas = this.root.querySelector("canvas"), width = canvas.clientWidth, height = canvas.clientHeight
    if (!this.data || !width) return
    const { temperatures, p, labels, words } = this.data, n = temperatures.length, ratio = devicePixelRatio || 1
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
    const g = canvas.getContext("2d"), style = getComputedStyle(canvas), size = parseFloat(style.fontSize)
    g.setTransform(ratio, 0, 0, ratio, 0, 0)
    g.font = `${size}px ${style.fontFamily}`
    const left = size * 3.4, right = width - size * 0.8, top = size * 0.8, bottom = height - size * 3, most = temperatures[n - 1]
    const x = (T) => left + ((right - left) * T) / most, y = (share) => bottom - (bottom - top) * share
    g.strokeStyle = this.inks.line
    g.fillStyle = this.inks.muted
    g.lineWidth = 1
    g.textBaseline = "middle"
    g.textAlign = "end"
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      g.beginPath(); g.moveTo(left, y(share)); g.lineTo(right, y(share)); g.stroke()
      g.fillText(percent(share), left - 6, y(share))
    }
    g.textAlign = "center"
    for (let T = 0; T <= most; T++) g.fillText(String(T), x(T), bottom + size)
    g.fillText(words.axis, (left + right) / 2, bottom + size * 2.3)
    labels.forEach((label, row) => {
      g.strokeStyle = this.inks[ROLES[row]]
      g.setLineDash(DASHES[row])
      g.lineWidth = 2.5
      g.beginPath()
      for (let i = 0; i < n; i++) g[i ? "lineTo" : "moveTo"](x(temperatures[i]), y(p[row * n + i]))
      g.stroke()
    })
    g.setLineDash([])
    this.legend(g, size, right, top)
    const T = bus.settings?.temperature ?? 1
    g.strokeStyle = this.inks.text
    g.lineWidth = 1.5
    g.beginPath(); g.moveTo(x(T), top); g.lineTo(x(T), bottom); g.stroke()
    const values = labels.map((label, row) => {
      g.fillStyle = this.inks[ROLES[row]]
      g.beginPath(); g.arc(x(T), y(this.at(row, T)), 4.5, 0, 7); g.fill()
      return `\u2068${label}\u2069 ${percent(this.at(row, T))}`
    })
    this.root.querySelector(".says").textContent = `${words.now.replace("{T}", Number(T.toFixed(2)))} ${values.join(", ")}.`
  }

  legend(g, size, right, top) {
    g.textAlign = "start"
    const wide = Math.max(...this.data.labels.map((label) => g.measureText(label).width))
    this.data.labels.forEach((label, row) => {
      const at = top + size * (0.7 + 1.5 * row), from = right - wide - size * 3
      g.strokeStyle = this.inks[ROLES[row]]
      g.lineWidth = 2.5
      g.setLineDash(DASHES[row])
      g.beginPath(); g.moveTo(from, at); g.lineTo(from + size * 2.4, at); g.stroke()
      g.fillStyle = this.inks.text
      g.fillText(label, from + size * 2.8, at)
    })
    g.setLineDash([])
  }
}

export default function ({ data, parentElement: root }) {
  const curve = (root.curve ??= new Curve(root))
  curve.update(data)
  curve.observer.observe(root.querySelector("canvas"))
  const follow = () => curve.draw()
  bus.addEventListener("moved", follow)
  return () => {
    bus.removeEventListener("moved", follow)
    curve.observer.disconnect()
  }
}
