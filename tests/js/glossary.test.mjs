// Where the words of the glossary stand in a sentence.
import assert from "node:assert/strict"
import { test } from "node:test"
import { load } from "./component.mjs"

const { finder } = await load("glossary", "finder")
const found = (text, ...forms) => [...text.matchAll(finder(forms.map((form) => ({ key: form, forms: [form] }))).pattern)].map((match) => match[0])

test("a word is found whole, in any case, the longest first", () => {
  assert.deepEqual(found("A Token, tokens, subtoken, token-free: token embedding.", "token", "token embedding"), ["Token", "token embedding"])
  assert.deepEqual(found("Top-p (nucleus sampling) and top-k.", "top-p", "top-k"), ["Top-p", "top-k"])
  assert.deepEqual(found("élan tokené", "token"), [])
})

test("Chinese words are found inside a sentence, beside words of letters", () => {
  assert.deepEqual(found("每个词元都有嵌入向量和logits。", "词元", "嵌入", "嵌入向量", "logits"), ["词元", "嵌入向量"])
  assert.deepEqual(found("它们的 logits 是", "logits"), ["logits"])
})

test("without words nothing is found", () => {
  assert.deepEqual(found("A token."), [])
})
