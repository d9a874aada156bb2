// Numbers and words as the panel writes them, and what stands round the ledger: three facts over it, one token's working under it.
const counting = new Intl.NumberFormat("en")
const decimal = (x, digits = 2) => (x === -Infinity ? "−∞" : (x < 0 ? "−" : "") + Math.abs(x).toFixed(digits))
const write = (element, text) => { if (element.textContent !== text) element.textContent = text }
const massKept = (sampler) => clamp(sampler.mass_kept, 0, 1)

function writeFacts(root, sampler, words) {
  const part = massKept(sampler)
  write(root.querySelector(".survive"), fill(words.of, { n: counting.format(sampler.n_kept), all: counting.format(sampler.n) }))
  write(root.querySelector(".mass"), percent(part))
  root.querySelector(".split i").style.transform = `scaleX(${part})`
  write(root.querySelector(".entropy"), fill(words.bits, { before: decimal(sampler.entropy), after: decimal(sampler.final_entropy) }))
}

// The formula with the numbers of the token at that place; null is the likeliest.
function writeWorking(root, place, sampler, temperature, words) {
  const i = place === null ? 0 : sampler.at.indexOf(place)
  const values = {
    token: sampler.label(sampler.at[i]), z: decimal(sampler.scores[i]), T: String(Number(temperature.toFixed(4))), best: decimal(sampler.scaled[0]),
    scaled: decimal(sampler.scaled[i]), e: Math.exp(sampler.scaled[i] - sampler.scaled[0]).toPrecision(3), sum: sampler.sum.toPrecision(4),
    p: percent(sampler.final(i)), n: counting.format(sampler.n_kept), rule: words.rules[RULES[sampler.cut[i]]] ?? "",
  }
  const greedy = i === 0 ? words.working_greedy : words.working_not_best
  write(root.querySelector(".working"), fill(temperature === 0 ? greedy : sampler.cut[i] ? words.working_cut : words.working, values))
}
