// The browser's arithmetic of sampling on numbers worked by hand. `node --test tests/js/*.test.mjs`
import assert from "node:assert/strict"
import { test } from "node:test"
import { load } from "./component.mjs"

const { Sampler } = await load("logits", "Sampler")
const { chiSquared, lnGamma, upperGamma } = await load("dice", "chiSquared", "lnGamma", "upperGamma")

// Probabilities by falling logit, and which tokens of a text were written before: {place: how often}.
function sampler(probabilities, history = {}) {
  return new Sampler({
    ids: Int32Array.from(probabilities.keys()),
    logits: Float32Array.from(probabilities, Math.log),
    places: Int32Array.from(Object.keys(history), Number),
    counts: Int32Array.from(Object.values(history)),
    labels: [], history_labels: [], version: "by hand",
  })
}

const near = (found, expected, within = 1e-6) => {
  assert.equal(found.length, expected.length)
  found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= within, `${[...found]} is not ${expected}`))
}
const final = (s) => Array.from(s.p, (_, i) => s.final([...s.at].indexOf(i)))
const FOUR = [0.4, 0.3, 0.2, 0.1]

test("the softmax of (ln 3, ln 2, 0) is (1/2, 1/3, 1/6), its entropy 1.459 bits", () => {
  const s = sampler([3, 2, 1])
  near(s.model, [1 / 2, 1 / 3, 1 / 6])
  near([s.entropy], [1 / 2 + Math.log2(3) / 3 + Math.log2(6) / 6])
  near(final(s), [1 / 2, 1 / 3, 1 / 6])
})

test("a temperature of 1/2 squares the odds, one of 0 takes the first", () => {
  const s = sampler([3, 2, 1])
  s.set({ temperature: 0.5 })
  near(final(s), [9 / 14, 4 / 14, 1 / 14])
  s.set({ temperature: 0 })
  near(final(s), [1, 0, 0])
  assert.equal(s.n_kept, 1)
})

test("top-k keeps k, and all that equal the k-th", () => {
  const s = sampler(FOUR)
  s.set({ top_k: 2 })
  near(final(s), [4 / 7, 3 / 7, 0, 0])
  const tied = sampler([0.4, 0.2, 0.2, 0.2])
  tied.set({ top_k: 2 })
  assert.equal(tied.n_kept, 4)
})

test("top-p keeps the fewest that reach p, and the higher id among equals", () => {
  const s = sampler(FOUR)
  s.set({ top_p: 0.65 })
  near(final(s), [4 / 7, 3 / 7, 0, 0])
  s.set({ top_p: 0 })
  near(final(s), [1, 0, 0, 0])
  const tied = sampler([0.4, 0.2, 0.2, 0.2])
  tied.set({ top_p: 0.55 })
  near(final(tied), [2 / 3, 0, 0, 1 / 3])
})

test("min-p keeps what has that share of the best", () => {
  const s = sampler(FOUR)
  s.set({ min_p: 0.6 })
  near(final(s), [4 / 7, 3 / 7, 0, 0])
  near([s.mass_kept], [0.7])
})

test("penalties: repetition divides a logit above 0 and multiplies one below, frequency counts, presence does not", () => {
  const s = sampler([4, 2, 0.5], { 0: 2, 2: 1 })
  s.set({ repetition: 2 })
  near(final(s), [2 / 4.25, 2 / 4.25, 0.25 / 4.25]) // ln 4 / 2 = ln 2; 2 ln 0.5 = ln 0.25
  s.set({ frequency: Math.LN2 })
  near(final(s), [1 / 3.25, 2 / 3.25, 0.25 / 3.25])
  s.set({ presence: Math.LN2 })
  near(final(s), [2 / 4.25, 2 / 4.25, 0.25 / 4.25])
  s.set({})
  near(final(s), [4 / 6.5, 2 / 6.5, 0.5 / 6.5])
})

test("the order of the rules: temperature before top-p", () => {
  const s = sampler([3, 2, 1])
  s.set({ temperature: 0.5, top_p: 0.6 }) // 9/14 reaches it alone; without the temperature 1/2 would not
  near(final(s), [1, 0, 0])
})

test("a random number hits the token on whose part of the strip it falls", () => {
  const s = sampler(FOUR)
  s.set({ top_k: 3 }) // 4/9, 7/9, 1
  assert.deepEqual([0, 0.44, 0.45, 0.77, 0.78, 0.999999].map((x) => s.hit(x)), [0, 0, 1, 1, 2, 2])
})

test("ln Γ of 5 is ln 24; the 5 % points of χ² are those of the tables", () => {
  near([lnGamma(5), lnGamma(0.5)], [Math.log(24), Math.log(Math.PI) / 2], 1e-9)
  for (const [freedom, point] of [[1, 3.841459], [2, 5.991465], [10, 18.307038], [100, 124.342113]]) near([upperGamma(freedom / 2, point / 2)], [0.05])
})

test("Pearson's χ² of 60 throws of a die", () => {
  const found = chiSquared(new Map([5, 8, 9, 8, 10, 20].entries()), new Array(6).fill(1), 6, 60)
  near([found.chi, found.freedom], [13.4, 5]) // (25 + 4 + 1 + 4 + 0 + 100) / 10
  near([found.chance], [0.019905], 1e-5)
})

test("classes that expect fewer than five are one, which joins the smallest if it still expects too few", () => {
  const found = chiSquared(new Map([[0, 60], [1, 36], [2, 4]]), [0.6, 0.36, 0.02, 0.02], 1, 100)
  near([found.chi, found.freedom], [0, 1]) // 36 + 4 drawn of 36 + 4
})
