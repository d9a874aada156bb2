// The whole vocabulary's logits at one place of a text, sent once, and model_backend/engine/sampling.py on them: the same rules in the same
// order, float32 where it decides in float32, so that the same tokens are kept. Other components find it as `bus.sampler`.
// Bytes of viz/wire.py: header {labels, history_labels, version}; ids int32 and logits float32 by falling logit; places int32 and
// counts int32 of the history's tokens (place: where in ids). Nothing is allocated while a slider moves.
const bus = (globalThis.tokenscopeSampling ??= new EventTarget()) // events: "logits" (another text), "moved" (other settings)
const LANES = 16 // as in sampling.py: the width in which torch adds up a softmax decides its last bit
const FLOAT32_MAX = 3.4028234663852886e38
const RULES = { greedy: 1, top_k: 2, top_p: 3, min_p: 4 } // CUT_RULES of records.py
const OFF = { temperature: 1, top_k: 0, top_p: 1, min_p: 0, repetition: 1, presence: 0, frequency: 0 }
const FAR = -70 // e^−70 of the best changes no sum of float32; beyond it numbers would only become slow (denormal)
const fround = Math.fround

class Sampler {
  constructor(data) {
    Object.assign(this, data) // ids, logits, places, counts, labels, history_labels, version
    const n = (this.n = this.ids.length)
    this.scores = new Float32Array(n) // after the penalties, falling
    this.at = new Int32Array(n) // the place in `ids` of each of them
    this.scaled = new Float32Array(n) // ÷ temperature
    this.cut = new Uint8Array(n) // index into CUT_RULES, in the order of `scores`, as are the two below
    this.p = new Float64Array(n)
    this.raised = new Float64Array(n) // e^(scaled − the best), for the first `n_raised` of them
    this.e = new Float32Array(n) // the same, rounded
    this.cumulative = new Float64Array(n) // of the final probabilities as float32, in the order of `ids`: what a draw falls on
    this.byPlace = new Float32Array(n)
    this.count = new Map([...this.places].map((place, i) => [place, this.counts[i]]))
    this.seen = new Uint8Array(n)
    for (const place of this.places) this.seen[place] = 1
    this.penalised = [...this.places].map((place) => ({ place, score: 0 }))
    this.lanes = new Float32Array(LANES)
    this.weigh()
    this.set(OFF)
  }

  // The model's own probabilities, in the order of `ids`.
  weigh() {
    const { n, logits } = this
    this.model = new Float64Array(n)
    let sum = 0, weighted = 0
    for (let i = 0; i < n; i++) {
      const d = logits[i] - logits[0], e = Math.exp(d)
      this.model[i] = e
      sum += e
      if (e > 0) weighted += e * d
    }
    for (let i = 0; i < n; i++) this.model[i] /= sum
    this.entropy = Math.max(0, (Math.log(sum) - weighted / sum) / Math.LN2)
  }

  set(settings) {
    const was = this.settings
    this.settings = { ...OFF, ...settings }
    if (!was || ["repetition", "presence", "frequency"].some((name) => was[name] !== this.settings[name])) this.penalise()
    this.apply()
  }

  // Penalties move the history's tokens only: the others stay in order, so both rows are merged instead of sorted anew.
  penalise() {
    this.scaledBy = null
    const { repetition, presence, frequency } = this.settings
    const { n, logits, ids, scores, at } = this
    this.hasPenalties = (repetition !== 1 || presence !== 0 || frequency !== 0) && this.penalised.length > 0
    if (!this.hasPenalties) {
      scores.set(logits)
      for (let i = 0; i < n; i++) at[i] = i
      return
    }
    const factor = fround(repetition), each = fround(frequency), once = fround(presence)
    for (const token of this.penalised) {
      let score = logits[token.place]
      score = fround(score < 0 ? score * factor : score / factor)
      score = fround(score - fround(each * this.count.get(token.place)))
      token.score = fround(score - once)
    }
    this.penalised.sort((a, b) => (a.score === b.score ? ids[a.place] - ids[b.place] : b.score - a.score))
    let other = 0, next = 0
    for (let i = 0; i < n; i++) {
      while (other < n && this.seen[other]) other++
      const token = this.penalised[next]
      const takes = token && (other >= n || token.score > logits[other] || (token.score === logits[other] && ids[token.place] < ids[other]))
      scores[i] = takes ? token.score : logits[other]
      at[i] = takes ? (next++, token.place) : other++
    }
  }

  apply() {
    const { n, scores, cut, p } = this
    const { temperature, top_k, top_p, min_p } = this.settings
    cut.fill(0)
    p.fill(0)
    this.stale = true // the cumulative sum waits until somebody asks
    if (temperature === 0) {
      cut.fill(RULES.greedy, 1)
      p[0] = 1
      this.sum = 1
      this.n_kept = this.edge = 1
      this.final_entropy = 0
      this.mass_kept = this.model[this.at[0]]
      this.scaledBy = null
      this.scaled.set(scores)
      return
    }
    this.scale(temperature)
    let alive = n // those before it are still in, but for equals at the edge of top-p
    if (top_k > 0 && top_k < n) {
      const kth = this.scaled[top_k - 1]
      for (alive = top_k; alive < n && this.scaled[alive] >= kth;) alive++
      cut.fill(RULES.top_k, alive)
    }
    if (top_p < 1) alive = this.nucleus(alive, top_p)
    if (min_p > 0) {
      const inverse = this.soften(alive)
      const bound = fround(fround(min_p) * fround(this.e[0] * inverse))
      for (let i = 0; i < alive; i++) if (!cut[i] && !(i < this.far && fround(this.e[i] * inverse) >= bound)) cut[i] = RULES.min_p
    }
    this.finish(alive)
  }

  scale(temperature) {
    if (this.scaledBy === temperature) return
    this.scaledBy = temperature
    this.n_raised = 0
    const { n, scores, scaled } = this
    const divisor = fround(Math.min(temperature, FLOAT32_MAX))
    if (divisor !== 0 && Number.isFinite(fround(scores[0] / divisor))) for (let i = 0; i < n; i++) scaled[i] = scores[i] / divisor
    else for (let i = 0; i < n; i++) scaled[i] = (scores[i] - scores[0]) / temperature
    let low = 0, high = n
    while (low < high) {
      const middle = (low + high) >> 1
      if (scaled[middle] - scaled[0] >= FAR) low = middle + 1
      else high = middle
    }
    this.far = low // from here on they weigh nothing
  }

  // The exponentials up to `alive`, of float32 differences as torch takes them. Most of a frame is spent here, so each is taken
  // once. Gives the end of those that weigh anything.
  raise(alive) {
    const { scaled, raised, e } = this, best = scaled[0]
    const end = Math.min(alive, this.far)
    for (let i = this.n_raised; i < end; i++) e[i] = raised[i] = Math.exp(fround(scaled[i] - best))
    this.n_raised = Math.max(this.n_raised, end)
    return end
  }

  // The reciprocal of the float32 sum of those before `alive` that are not cut.
  soften(alive) {
    const end = this.raise(alive)
    const { e, cut, lanes } = this
    lanes.fill(0)
    let k = 0
    for (let i = 0; i < end; i++) {
      if (cut[i]) continue
      lanes[k] += e[i]
      k = (k + 1) & (LANES - 1)
    }
    let total = 0
    for (const lane of lanes) total = fround(total + lane)
    return fround(1 / total)
  }

  // Top-p as transformers does it: adding up from the least probable, off while the sum is at most 1 − p. Gives the new end.
  nucleus(alive, top_p) {
    const { scaled, e, cut, at, ids } = this
    const inverse = this.soften(alive), bound = fround(1 - top_p)
    let rising = 0, kept = Math.min(alive, this.far)
    while (kept > 0 && fround(rising += fround(e[kept - 1] * inverse)) <= bound) kept--
    kept = Math.max(kept, 1)
    if (kept >= alive) return alive
    cut.fill(RULES.top_p, kept, alive)
    if (scaled[kept] !== scaled[kept - 1]) return kept
    let first = kept, end = kept // the edge runs through equals: the higher ids stay
    while (first > 0 && scaled[first - 1] === scaled[kept]) first--
    while (end < alive && scaled[end] === scaled[kept]) end++
    const tied = Array.from({ length: end - first }, (_, i) => first + i).sort((a, b) => ids[at[b]] - ids[at[a]])
    tied.forEach((i, rank) => { cut[i] = rank < kept - first ? 0 : RULES.top_p })
    return end
  }

  // Probabilities in float64. The difference that was rounded comes back as its first-order correction, exact to 1e-12.
  finish(alive) {
    const end = this.raise(alive)
    const { scaled, raised, cut, p, model, at } = this
    let sum = 0, weighted = 0, mass = 0, kept = 0, edge = 0
    const best = scaled[0]
    for (let i = 0; i < end; i++) {
      if (cut[i]) continue
      const d = scaled[i] - best, e = raised[i] * (1 + d - fround(d))
      p[i] = e
      sum += e
      weighted += e * d
      mass += model[at[i]]
      kept++
      edge = i + 1
    }
    for (let i = end; i < alive; i++) {
      if (cut[i] || scaled[i] === -Infinity) continue
      mass += model[at[i]]
      kept++
      edge = i + 1
    }
    const inverse = 1 / sum
    for (let i = 0; i < end; i++) p[i] *= inverse
    this.sum = sum
    this.n_kept = kept
    this.edge = edge // behind the last that is kept
    this.mass_kept = mass
    this.final_entropy = Math.max(0, (Math.log(sum) - weighted / sum) / Math.LN2)
  }

  // The final probability of the i-th by score, also where it weighs nothing in a sum.
  final(i) {
    if (this.cut[i] || this.settings.temperature === 0 || i < this.far) return this.p[i]
    return Math.exp(this.scaled[i] - this.scaled[0]) / this.sum
  }

  // What a token is called: its text where that was sent, else its id.
  label(place) {
    if (place < this.labels.length) return this.labels[place]
    this.names ??= new Map([...this.places].map((known, i) => [known, this.history_labels[i]]))
    return this.names.get(place) ?? `#${this.ids[place]}`
  }

  // The running sum of the final probabilities by falling logit, as model_backend/engine/generation.py adds it up.
  strip() {
    if (!this.stale) return this.cumulative
    const { n, p, at, byPlace, cumulative } = this
    if (this.hasPenalties) for (let i = 0; i < n; i++) byPlace[at[i]] = p[i]
    else byPlace.set(p)
    let sum = 0
    for (let i = 0; i < n; i++) cumulative[i] = sum += byPlace[i]
    this.stale = false
    return cumulative
  }

  // The place of the token that a random number in 0…1 hits.
  hit(random) {
    const cumulative = this.strip(), mark = random * cumulative[this.n - 1]
    let low = 0, high = this.n
    while (low < high) {
      const middle = (low + high) >> 1
      if (cumulative[middle] <= mark) low = middle + 1
      else high = middle
    }
    return low
  }
}

export default function ({ data, parentElement: root }) {
  const sent = unpack(data)
  if (root.sampler?.version !== sent.version) root.sampler = new Sampler(sent)
  else root.sampler.labels = sent.labels
  if (bus.sampler !== root.sampler) {
    bus.sampler = root.sampler
    bus.dispatchEvent(new Event("logits"))
  }
}
