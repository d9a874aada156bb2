// What stands under the picture: the ends of the scale, and in words the cell that is looked at.
function writeScale({ root, data, weights, view }) {
  const isLog = view.scale === "log"
  root.querySelector(".low").textContent = weights.amount(isLog ? 10 ** -LOG_FLOOR : 0)
  root.querySelector(".high").textContent = view.scale === "row" ? data.words.row_most
    : weights.amount(isLog ? 1 : weights.top[view.hide ? 1 : 0])
}

function writeReadout(picture) {
  const { data, weights } = picture, { words, rows, columns } = data
  const [row, column] = picture.lookedAt()
  const weight = weights.at(row, column), first = weights.at(row, 0)
  const sentence = !Number.isNaN(weight) ? words.says : words.is_causal && column > row ? words.masked : words.outside
  const parts = [fill(sentence, { from: rows[row], to: columns[column], share: weights.amount(weight), row, column })]
  if (picture.view.hide && !Number.isNaN(first)) parts.push(fill(words.hidden, { share: weights.amount(first), from: rows[row], first: columns[0] }))
  picture.root.querySelector(".readout").textContent = parts.join(" ")
}
