// The arcs: the tokens that look on the left, those that are seen on the right, a thicker line for a larger weight.
function drawArcs(picture, font) {
  const { data, inks, start, nRows, nColumns } = picture
  picture.cell = Math.max(font * 1.55, 18)
  picture.above = font * 1.9
  const width = Math.min(picture.room, 700), words = widest(picture, font, picture.shownColumns())
  picture.right = width - Math.min(words + 12 + font * 3.4, width / 2)
  const g = sharp(picture.canvas, width, picture.above + picture.cell * Math.max(nRows, nColumns) + 6)
  nameSides(picture, g, font)
  const chosen = picture.hover ? picture.hover[0] : data.focus
  for (let i = 0; i < nRows; i++) if (start[0] + i !== chosen) drawLines(picture, g, i, false)
  if (chosen >= start[0] && chosen < start[0] + nRows) drawLines(picture, g, chosen - start[0], true)
  g.font = `${font}px ${inks.mono}`
  g.textAlign = "end"
  for (let i = 0; i < nRows; i++) {
    const row = start[0] + i
    g.fillStyle = inks.of(row === chosen ? "query" : "text")
    g.fillText(short(data.rows[row]), picture.left, picture.above + (i + 0.5) * picture.cell, picture.left)
  }
  for (let j = 0; j < nColumns; j++) drawSeen(picture, g, j, chosen, font)
}

function nameSides({ data, inks, left, right }, g, font) { // over the two columns of tokens
  g.fillStyle = inks.of("muted")
  g.font = `${font * 0.92}px ${inks.sans}`
  g.textAlign = "end"
  g.fillText(data.words.from, Math.max(left, g.measureText(data.words.from).width), font * 0.7)
  g.textAlign = "start"
  g.fillText(data.words.to, right, font * 0.7)
}

function drawSeen(picture, g, j, chosen, font) { // a token on the right, with its weight in the chosen row
  const { data, inks, weights, right } = picture
  const column = picture.start[1] + j, weight = weights.at(chosen, column), y = picture.above + (j + 0.5) * picture.cell
  const label = short(data.columns[column])
  g.fillStyle = inks.of(weight >= 0.05 && !picture.isHidden(column) ? "text" : "muted")
  g.textAlign = "start"
  g.font = `${font}px ${inks.mono}`
  g.fillText(label, right, y)
  if (!(weight >= 0.005)) return
  const after = right + g.measureText(label).width + 8
  g.font = `${font * 0.85}px ${inks.sans}`
  g.fillStyle = inks.of("muted")
  g.fillText(weights.amount(weight), after, y)
}

function drawLines(picture, g, i, isChosen) { // all those of a row
  const { inks, weights, cell, above } = picture
  const row = picture.start[0] + i, from = picture.left + 8, to = picture.right - 8, middle = (from + to) / 2
  for (let j = 0; j < picture.nColumns; j++) {
    const column = picture.start[1] + j
    if (!(weights.at(row, column) > 0.001) || picture.isHidden(column)) continue
    const share = picture.share(row, column)
    if (!isChosen && share < 0.15) continue
    g.strokeStyle = isChosen ? inks.of("probability", 0.15 + 0.85 * share) : inks.of("muted", 0.3 * share)
    g.lineWidth = isChosen ? 1 + 7 * share : 1 + 2 * share
    const y = [above + (i + 0.5) * cell, above + (j + 0.5) * cell]
    g.beginPath()
    g.moveTo(from, y[0])
    g.bezierCurveTo(middle, y[0], middle, y[1], to, y[1])
    g.stroke()
  }
}
