// How much of the probability the first 1, 2, … tokens hold, for two prompts: top-k cuts both at the same rank, top-p both at the
// same height. Bytes of viz/wire.py: header {n, k, p, cuts: [{rank, mass}, …] (top-k, top-p of each prompt), names, words};
// ranks and mass float32, those of the first prompt and then of the second; split is where the second begins.
const DASHES = [[], [8, 4]]
const ROLES = ["probability", "key"]

class Curves {
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

  draw() {
    const canvas = this.root.querySelector("canvas"), width = canvas.clientWidth, height = canvas.clientHeight
    if (!this.data || !width) return
    const { n, k, p, cuts, names, words, ranks, mass, split } = this.data, ratio = devicePixelRatio || 1
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
    const g = canvas.getContext("2d"), style = getComputedStyle(canvas), size = parseFloat(style.fontSize)
    g.setTransform(ratio, 0, 0, ratio, 0, 0)
    g.font = `${size}px ${style.fontFamily}`
    g.textBaseline = "middle"
    const left = size * 3.4, right = width - size * 1.2, top = size * 3.6, bottom = height - size * 3
    const x = (rank) => left + ((right - left) * Math.log(rank)) / Math.log(n), y = (share) => bottom - (bottom - top) * share
    const line = (from, to, role, dash, thick) => {
      g.strokeStyle = this.inks[role]
      g.lineWidth = thick
      g.setLineDash(dash)
      g.beginPath(); g.moveTo(...from); g.lineTo(...to); g.stroke()
    }
    g.fillStyle = this.inks.muted
    g.textAlign = "end"
    for (const share of [0, 0.5, 1]) {
      line([left, y(share)], [right, y(share)], "line", [], 1)
      g.fillText(percent(share), left - 6, y(share))
    }
    g.textAlign = "center"
    for (let rank = 1; rank <= n; rank *= 10) g.fillText(rank.toLocaleString("en"), x(rank), bottom + size)
    g.fillText(words.axis, (left + right) / 2, bottom + size * 2.3)
    g.fillStyle = this.inks.text
    line([x(k), top], [x(k), bottom], "text", [2, 3], 1.5)
    line([left, y(p)], [right, y(p)], "text", [2, 3], 1.5)
    const isRight = x(k) + g.measureText(words.k).width + size > right
    g.textAlign = isRight ? "end" : "start"
    g.fillText(words.k, x(k) + size * (isRight ? -0.4 : 0.4), bottom - size)
    g.textAlign = "end"
    g.fillText(words.p, right - 4, y(p) + size * (p > 0.2 ? 0.9 : -0.8)) // where the curves have risen above it
    g.textAlign = "start"
    const begins = [0, split], ends = [split, ranks.length]
    names.forEach((name, i) => {
      g.strokeStyle = this.inks[ROLES[i]]
      g.fillStyle = this.inks[ROLES[i]]
      g.lineWidth = 2.5
      g.setLineDash(DASHES[i])
      g.beginPath()
      for (let at = begins[i]; at < ends[i]; at++) g[at > begins[i] ? "lineTo" : "moveTo"](x(ranks[at]), y(mass[at]))
      g.stroke()
      g.setLineDash([])
      for (const cut of cuts[i]) { g.beginPath(); g.arc(x(cut.rank), y(cut.mass), 5, 0, 7); g.fill() }
      const at = size * (0.7 + 1.3 * i)
      line([left, at], [left + size * 2.4, at], ROLES[i], DASHES[i], 2.5)
      g.setLineDash([])
      g.fillStyle = this.inks.text
      g.fillText(name, left + size * 2.8, at, right - left - size * 2.8)
    })
  }
}

export default function ({ data, parentElement: root }) {
  const curves = (root.curves ??= new Curves(root))
  curves.update(data)
  curves.observer.observe(root.querySelector("canvas"))
  return () => curves.observer.disconnect()
}
