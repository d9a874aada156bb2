// Standard input: a line of JSON for each text, {bytes, settings}: what viz/sampling.logits packs, in base64, and settings to try one
// after the other. Standard output: a line for each, what the browser's sampler makes of each of them,
// its arrays in base64 (float32; cut uint8) in the order of the ids sent.
import { createInterface } from "node:readline"
import { load } from "./component.mjs"

const { Sampler, unpack } = await load("logits", "Sampler", "unpack")

function read(sampler, settings) {
  sampler.set(settings)
  const p = new Float32Array(sampler.n), cut = new Uint8Array(sampler.n)
  for (let i = 0; i < sampler.n; i++) {
    p[sampler.at[i]] = sampler.p[i]
    cut[sampler.at[i]] = sampler.cut[i]
  }
  const { n_kept, mass_kept, entropy, final_entropy } = sampler
  const text = (array) => Buffer.from(array.buffer).toString("base64")
  return { p: text(p), cut: text(cut), model: text(Float32Array.from(sampler.model)), n_kept, mass_kept, entropy, final_entropy }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { bytes, settings } = JSON.parse(line)
  const sampler = new Sampler(unpack(Uint8Array.from(Buffer.from(bytes, "base64"))))
  console.log(JSON.stringify(settings.map((each) => read(sampler, each))))
}
