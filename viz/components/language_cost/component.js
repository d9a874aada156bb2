// The cost of one sentence in many languages, as bars. data: {rows: [{code, name, native, direction, sentence, n, share, ratio, money}],
// labels: {language, tokens, times, money}, digits} where money is formatted with that many decimals. The dashed line is English.

function head(labels) {
  const line = make("div", undefined, "line head")
  line.append(make("span", labels.language), make("span", labels.tokens, "track"), make("span", labels.times, "times"), make("span", labels.money, "money"))
  return line
}

function lineElement(row, english, data) {
  const line = make("div", undefined, row.code === "en" ? "line english" : "line")
  const name = make("div", undefined, "name")
  const native = make("bdi", row.native || row.name)
  const bold = make("b")
  bold.append(native)
  name.append(bold)
  if (row.native && row.native !== row.name) name.append(make("small", row.name))
  const track = make("div", undefined, "track")
  const bar = make("div", undefined, "bar")
  bar.style.width = `${100 * row.share}%`
  track.append(bar)
  if (english && row !== english) {
    const tick = make("div", undefined, "tick")
    tick.style.insetInlineStart = `${100 * english.share}%`
    track.append(tick)
  }
  const tokens = make("span", number(row.n), row.share > 0.85 ? "tokens inside" : "tokens")
  tokens.style.insetInlineStart = `${100 * row.share}%`
  track.append(tokens)
  const sentence = make("p", row.sentence, "sentence")
  sentence.dir = row.direction
  if (row.code !== "own") sentence.lang = row.code
  line.append(name, track, make("span", `× ${number(row.ratio, 2)}`, "times"), make("span", number(row.money, data.digits), "money"), sentence)
  return line
}

export default function ({ data, parentElement }) {
  const english = data.rows.find((row) => row.code === "en")
  parentElement.querySelector(".bars").replaceChildren(head(data.labels), ...data.rows.map((row) => lineElement(row, english, data)))
}
