// The dice: the final probabilities laid end to end from 0 to 1, random numbers that fall on them, and the counts against theory.
// Bytes of viz/wire.py: header {labels {id: text}, words, seed} and the random numbers, float64 as bytes, of numpy's generator with
// that seed. The distribution is that of `bus.sampler` and follows it; the trigger "seed" asks Python for other numbers.
const bus = (globalThis.tokenscopeSampling ??= new EventTarget())
const ROWS = 10
const LEAST_EXPECTED = 5 // classes of a χ² test expect at least so many
const counting = new Intl.NumberFormat("en")
const number_of = (n) => counting.format(n)

// ln Γ(x), Lanczos; and Q(a, x), the upper regularised incomplete gamma function (Numerical Recipes, 6.2): a χ² with k degrees of
// freedom is exceeded by chance with probability Q(k/2, χ²/2).
function lnGamma(x) {
  const c = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5]
  let sum = 1.000000000190015
  c.forEach((value, i) => { sum += value / (x + 1 + i) })
  return (x + 0.5) * Math.log(x + 5.5) - x - 5.5 + Math.log((2.5066282746310005 * sum) / x)
}
function upperGamma(a, x) {
  if (x <= 0) return 1
  const scale = Math.exp(a * Math.log(x) - x - lnGamma(a))
  if (x < a + 1) {
    let term = 1 / a, sum = term
    for (let n = 1; n < 1000 && term > sum * 1e-14; n++) sum += term *= x / (a + n)
    return 1 - sum * scale
  }
  let b = x + 1 - a, c = 1e300, d = 1 / b, h = d
  for (let i = 1; i < 1000; i++) {
    const k = -i * (i - a)
    b += 2
    d = 1 / (k * d + b)
    c = b + k / c
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-14) break
  }
  return scale * h
}

// Pearson's χ² of counts by place against `draws` draws. Tokens that expect too few are one class together, and that joins the
// smallest of the others if it still expects too few itself.
function chiSquared(counts, weights, end, draws) {
  let chi = 0, classes = 0, rest = 0, restDrawn = 0, least = Infinity, leastDrawn = 0
  const part = (expected, drawn) => (drawn - expected) ** 2 / expected
  for (let place = 0; place < weights.length; place++) {
    if (weights[place] === 0) continue
    const expected = (weights[place] / end) * draws, drawn = counts.get(place) ?? 0
    if (expected < LEAST_EXPECTED) { rest += expected; restDrawn += drawn; continue }
    chi += part(expected, drawn)
    classes++
    if (expected < least) { least = expected; leastDrawn = drawn }
  }
  if (rest >= LEAST_EXPECTED) { chi += part(rest, restDrawn); classes++ }
  else if (rest > 0 && classes) chi += part(least + rest, leastDrawn + restDrawn) - part(least, leastDrawn)
  return { chi, freedom: classes - 1, chance: classes > 1 ? upperGamma((classes - 1) / 2, chi / 2) : 1 }
}

class Dice {
  constructor(root) {
    this.root = root
    this.n = 1
    this.$ = (selector) => root.querySelector(selector)
    this.counts = new Map()
    this.observer = new ResizeObserver(() => { this.measure(); this.draw() })
  }

  update(bytes, send) {
    const data = unpack(bytes)
    this.randoms = new Float64Array(data.randoms.buffer)
    this.labels = data.labels
    const { words } = (this.data = data)
    const inks = ["probability", "probability-soft", "raised", "text", "on-probability", "positive", "line"]
    this.inks = Object.fromEntries(inks.map((role) => [role, `rgb(${colour(this.root, role).join(",")})`]))
    this.$(".seed span").textContent = words.seed
    const box = this.$(".seed input")
    if (this.root.activeElement !== box) box.value = data.seed
    box.onchange = () => { if (box.validity.valid && box.value !== "") send("seed", Number(box.value)) }
    this.$("caption").textContent = words.caption
    const buttons = [[1, words.one], [10, words.ten], [1000, words.thousand], [0, words.more]].map(([n, text]) => {
      const button = make("button", text)
      button.type = "button"
      button.draws = n
      button.onclick = () => { this.n = n || Math.min(this.n + 1, this.randoms.length); this.draw() }
      return button
    })
    this.$(".draw").setAttribute("aria-label", words.draw)
    this.$(".draw").replaceChildren(...buttons)
    const head = make("tr")
    for (const name of ["token", "expected", "drawn", "bar"]) head.append(make("th", words.columns[name], name))
    this.$("thead").replaceChildren(head)
    this.$("tbody").replaceChildren(...Array.from({ length: ROWS + 1 }, () => {
      const row = make("tr")
      row.text = isolated("")
      row.token = make("td", undefined, "token")
      row.token.append(row.text)
      row.expected = make("td", undefined, "expected")
      row.drawn = make("td", undefined, "drawn")
      row.bar = make("td", undefined, "bar")
      row.band = make("i", undefined, "band")
      row.fill = make("i", undefined, "fill")
      row.bar.append(row.fill, row.band)
      row.append(row.token, row.expected, row.drawn, row.bar)
      return row
    }))
    this.draw()
  }

  measure() { // asked for when it changes: asking while drawing would make the browser lay the page out twice a frame
    const canvas = this.$(".strip"), style = getComputedStyle(canvas), ratio = devicePixelRatio || 1
    this.size = { width: canvas.clientWidth, height: canvas.clientHeight, type: parseFloat(style.fontSize), family: style.fontFamily, ratio }
    canvas.width = Math.round(this.size.width * ratio)
    canvas.height = Math.round(this.size.height * ratio)
  }

  label(place) { return this.labels[bus.sampler.ids[place]] ?? bus.sampler.label(place) }

  draw() {
    if (!bus.sampler || !this.data) return
    const s = bus.sampler
    s.strip()
    this.counts.clear()
    for (let i = 0; i < this.n; i++) {
      this.last = s.hit(this.randoms[i])
      this.counts.set(this.last, (this.counts.get(this.last) ?? 0) + 1)
    }
    for (const button of this.$(".draw").children) if (button.draws) button.setAttribute("aria-pressed", String(button.draws === this.n))
    this.drawStrip(s)
    this.say(s)
    this.$(".results").hidden = this.n < 2
    if (this.n > 1) this.drawCounts(s)
  }

  drawStrip(s) {
    if (!this.size?.width) return
    const canvas = this.$(".strip"), { width, height, ratio, type: size } = this.size
    const g = canvas.getContext("2d")
    g.setTransform(ratio, 0, 0, ratio, 0, 0)
    g.clearRect(0, 0, width, height)
    const top = size * 1.5, end = s.cumulative[s.n - 1], tall = height - top
    g.font = `${size * 0.9}px ${this.size.family}`
    g.textBaseline = "middle"
    let from = 0, stripe = 0, place = 0
    for (; place < s.n && from < width - 0.5; place++) {
      const to = (width * s.cumulative[place]) / end
      if (to === from) continue
      if (to - from < 0.5) break // with the penalties a later one may be larger again; it is hatched all the same
      const isHit = place === this.last
      g.fillStyle = isHit ? this.inks.probability : stripe++ % 2 ? this.inks["probability-soft"] : this.inks.raised
      g.fillRect(from, top, to - from, tall)
      const text = to - from > size * 1.4 ? this.label(place) : ""
      if (text && g.measureText(text).width < to - from - 6) {
        g.fillStyle = isHit ? this.inks["on-probability"] : this.inks.text
        g.fillText(text, from + 4, top + tall / 2)
      }
      from = to
    }
    if (from < width - 0.5) this.drawMany(g, from, top, width - from, tall)
    g.strokeStyle = this.inks.line
    g.strokeRect(0.5, top + 0.5, width - 1, tall - 1)
    g.fillStyle = this.inks.positive
    for (let i = 0; i < this.n; i++) {
      const isLast = i === this.n - 1, x = this.randoms[i] * width
      g.globalAlpha = isLast ? 1 : 0.45
      g.beginPath()
      const half = isLast ? size * 0.4 : size * 0.2
      g.moveTo(x, top + (isLast ? size * 0.25 : 0))
      g.lineTo(x - half, top - half * 1.8)
      g.lineTo(x + half, top - half * 1.8)
      g.fill()
      if (isLast) g.fillRect(x - 1, top, 2, tall)
    }
    g.globalAlpha = 1
    canvas.setAttribute("aria-label", this.data.words.strip)
  }

  drawMany(g, x, y, wide, tall) { // pieces too thin to tell apart: hatched as one
    g.save()
    g.beginPath()
    g.rect(x, y, wide, tall)
    g.clip()
    g.fillStyle = this.inks["probability-soft"]
    g.fillRect(x, y, wide, tall)
    g.strokeStyle = this.inks.line
    g.beginPath()
    for (let at = x - tall; at < x + wide; at += 6) { g.moveTo(at, y + tall); g.lineTo(at + tall, y) }
    g.stroke()
    g.restore()
  }

  say(s) {
    const { words } = this.data, random = this.randoms[this.n - 1], end = s.cumulative[s.n - 1]
    const low = this.last ? s.cumulative[this.last - 1] / end : 0, high = s.cumulative[this.last] / end
    this.$(".says").textContent = fill(words.says, {
      i: number_of(this.n), random: random.toFixed(4), token: this.label(this.last), low: low.toFixed(4), high: high.toFixed(4), p: percent(high - low),
    })
  }

  drawCounts(s) {
    const { words } = this.data, end = s.cumulative[s.n - 1]
    const rest = { expected: this.n, drawn: this.n }
    const places = []
    for (let i = 0; i < s.n && places.length < ROWS; i++) if (s.p[i] > 0) places.push(s.at[i])
    const lines = places.map((place) => {
      const p = s.byPlace[place] / end, line = { text: this.label(place), p, expected: p * this.n, drawn: this.counts.get(place) ?? 0 }
      rest.expected -= line.expected
      rest.drawn -= line.drawn
      return line
    })
    if (s.n_kept > places.length) lines.push({ text: fill(words.others, { n: number_of(s.n_kept - places.length) }), isRest: true, p: rest.expected / this.n, ...rest })
    const spread = (line) => Math.sqrt(Math.max(0, this.n * line.p * (1 - line.p)))
    const most = Math.max(...lines.map((line) => Math.max(line.drawn, line.expected + 2 * spread(line))), 1)
    ;[...this.$("tbody").children].forEach((row, i) => {
      const line = lines[i]
      row.hidden = !line
      if (!line) return
      row.className = line.isRest ? "rest" : ""
      row.text.textContent = line.text
      row.expected.textContent = `${line.expected < 9.95 ? Math.max(0, line.expected).toFixed(1) : number_of(Math.round(line.expected))} ± ${spread(line).toFixed(1)}`
      row.drawn.textContent = number_of(line.drawn)
      row.fill.style.width = `${(100 * line.drawn) / most}%`
      const from = Math.max(0, line.expected - 2 * spread(line))
      row.band.style.left = `${(100 * from) / most}%`
      row.band.style.width = `${(100 * (line.expected + 2 * spread(line) - from)) / most}%`
    })
    const { chi, freedom, chance } = (this.test = chiSquared(this.counts, s.byPlace, end, this.n))
    const values = { n: number_of(this.n), chi: chi.toFixed(1), freedom: number_of(freedom), chance: percent(chance) }
    const sentence = this.n < 50 ? words.too_few : freedom < 1 ? words.no_choice : chance < 0.01 ? words.odd : words.usual
    this.$(".verdict").textContent = fill(sentence, values)
  }
}

export default function ({ data, parentElement: root, setTriggerValue }) {
  const dice = (root.dice ??= new Dice(root))
  dice.update(data, setTriggerValue)
  dice.observer.observe(root.querySelector(".strip"))
  const follow = () => dice.draw()
  bus.addEventListener("moved", follow)
  return () => {
    bus.removeEventListener("moved", follow)
    dice.observer.disconnect()
  }
}
