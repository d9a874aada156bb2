// What the components share: numbers for people, sentences, bytes.
import assert from "node:assert/strict"
import { test } from "node:test"
import { load } from "./component.mjs"

const { clamp, fill, percent, unpack } = await load("bars", "clamp", "fill", "percent", "unpack")

test("a percentage has two digits that count, and none that is rounded to all or nothing", () => {
  const shown = [0, 1, 0.5, 0.614, 0.0321, 0.00041, 1.2e-9, 0.9993, 0.99996, 0.9999999].map((p) => percent(p).replace("\u00a0%", ""))
  assert.deepEqual(shown, ["0", "100", "50", "61", "3.2", "0.041", "1.2e-7", "99.9", "99.996", "100"])
})

test("a sentence is filled once, and what is filled in is never filled again", () => {
  assert.equal(fill("{a} and {b}, {c}", { a: "{b}", b: 2 }), "\u2068{b}\u2069 and 2, {c}")
})

test("bytes come out as the arrays that went in, also from the middle of a buffer", () => {
  const header = JSON.stringify({ n: 3, arrays: [{ name: "x", type: "float32", shape: [2] }, { name: "y", type: "int32", shape: [1] }] })
  const bytes = new Uint8Array(2 + 4 + header.length + 12)
  const view = new DataView(bytes.buffer, 2)
  view.setUint32(0, header.length, true)
  bytes.set(new TextEncoder().encode(header), 6)
  view.setFloat32(4 + header.length, 1.5, true)
  view.setFloat32(8 + header.length, NaN, true)
  view.setInt32(12 + header.length, -7, true)
  const { n, x, y } = unpack(bytes.subarray(2))
  assert.deepEqual([n, [...x], [...y]], [3, [1.5, NaN], [-7]])
})

test("clamp keeps a number between two others", () => {
  assert.deepEqual([-1, 0.5, 2].map((x) => clamp(x, 0, 1)), [0, 0.5, 1])
})
