// The seven settings: where each is off, where its switch puts it first, how far it goes, and the presets.
const OFF = { temperature: 1, top_k: 0, top_p: 1, min_p: 0, repetition: 1, presence: 0, frequency: 0 }
const USUAL = { temperature: 0.7, top_k: 40, top_p: 0.9, min_p: 0.05, repetition: 1.2, presence: 0.5, frequency: 0.5 }
const RANGE = { // low, high, step
  temperature: [0, 3, 0.01], top_p: [0, 1, 0.005], min_p: [0, 1, 0.005], repetition: [0.5, 2, 0.01], presence: [-2, 2, 0.05], frequency: [-2, 2, 0.05],
}
const PRESETS = { own: {}, greedy: { temperature: 0 }, careful: { temperature: 0.7, top_p: 0.9 }, wild: { temperature: 1.5 } }
const K_STEPS = 150

// Every k that a step of the slider can mean, the last is all of them: 1, 2, 3 … finer where k is small.
function kSteps(n) {
  const ks = new Set(Array.from({ length: K_STEPS }, (_, i) => Math.round(n ** (i / K_STEPS))))
  return [...ks].filter((k) => k < n).concat(0)
}

// The step of the slider that comes nearest to a k.
function nearestStep(ks, k, n) {
  if (k === 0 || k >= n) return ks.length - 1
  let best = 0
  ks.forEach((step, i) => { if (step && Math.abs(step - k) < Math.abs(ks[best] - k)) best = i })
  return best
}
