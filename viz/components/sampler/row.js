// One row of the ledger, which is now a token's and now a line of words across all columns.
function emptyRow() {
  const row = make("tr")
  row.cellsByName = Object.fromEntries(COLUMNS.map((name) => [name, make("td", undefined, name)]))
  row.append(...Object.values(row.cellsByName))
  row.button = make("button", undefined, "name")
  row.button.type = "button"
  row.button.tabIndex = -1
  row.text = isolated("")
  row.button.append(row.text)
  row.times = make("span", undefined, "times")
  row.cellsByName.token.append(row.button, row.times)
  row.outline = make("i", undefined, "outline")
  row.filled = make("i", undefined, "filled")
  row.cellsByName.bar.append(row.outline, row.filled)
  row.line = make("td", undefined, "line")
  row.line.colSpan = COLUMNS.length
  row.above = make("span", undefined, "above")
  row.below = make("span", undefined, "below")
  row.line.append(row.above, row.below)
  return row
}

function turnInto(row, isLine) {
  if (isLine === row.isLine) return
  row.isLine = isLine
  row.replaceChildren(...(isLine ? [row.line] : Object.values(row.cellsByName)))
}

function writeLine(row, kind, sampler, nLeftOut, words) {
  row.place = undefined
  row.className = kind
  if (kind === "gap") {
    write(row.above, fill(words.more, { n: counting.format(nLeftOut) }))
    write(row.below, "")
  } else { // the cut
    const part = massKept(sampler), rest = Math.max(0, 1 - sampler.mass_kept)
    write(row.above, fill(words.above, { n: counting.format(sampler.n_kept), p: percent(part) }))
    write(row.below, fill(words.below, { n: counting.format(sampler.n - sampler.n_kept), p: percent(rest) }))
  }
}
