// The matrix: a row for each token that looks, a column for each that is seen, deeper colour for a larger weight.
const NUMBERS_FROM = 27 // px a cell needs for a number

function drawMatrix(picture, font) {
  const { nRows, nColumns, start, hover, data } = picture, title = font * 1.5
  picture.above = Math.max(widest(picture, font, picture.shownColumns()), 10) + 12 + title
  picture.cell = clamp((picture.room - picture.left - title - 4) / nColumns, 4, 50)
  picture.left += title
  const g = sharp(picture.canvas, picture.left + picture.cell * nColumns + 4, picture.above + picture.cell * nRows + 4)
  drawTitles(picture, g, font)
  for (let i = 0; i < nRows; i++) for (let j = 0; j < nColumns; j++) drawCell(picture, g, i, j, font)
  drawRowLabels(picture, g, font)
  drawColumnLabels(picture, g, font)
  outline(picture, g, data.focus - start[0], null, "query")
  if (hover) outline(picture, g, hover[0] - start[0], hover[1] - start[1], "text")
}

function drawTitles({ data, inks, left, above }, g, font) {
  g.fillStyle = inks.of("muted")
  g.font = `${font * 0.92}px ${inks.sans}`
  g.textAlign = "start"
  g.fillText(`${data.words.to} →`, left, font * 0.6)
  g.save()
  g.translate(font * 0.6, above)
  g.rotate(-Math.PI / 2)
  g.textAlign = "end"
  g.fillText(`← ${data.words.from}`, 0, 0)
  g.restore()
}

function drawCell(picture, g, i, j, font) {
  const { inks, cell, weights } = picture
  const row = picture.start[0] + i, column = picture.start[1] + j, weight = weights.at(row, column)
  if (Number.isNaN(weight)) return // what may not be seen is a gap
  const gap = cell > 12 ? 1 : 0, side = cell - gap
  const x = picture.left + j * cell, y = picture.above + i * cell
  if (picture.isHidden(column)) return hatch(inks, g, x, y, side)
  const share = picture.share(row, column)
  g.fillStyle = `rgb(${inks.mixed(share).join(",")})`
  g.fillRect(x, y, side, side)
  if (gap) { g.strokeStyle = inks.of("line"); g.lineWidth = 1; g.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1) }
  if (cell < NUMBERS_FROM) return
  g.fillStyle = inks.isDeep(share) === inks.isDark ? "#000" : "#fff"
  g.font = `${Math.min(cell * 0.38, font)}px ${inks.sans}`
  g.textAlign = "center"
  g.fillText(weights.inCell(weight), x + side / 2, y + side / 2 + 0.5)
}

function hatch(inks, g, x, y, side) {
  g.save()
  g.beginPath()
  g.rect(x, y, side, side)
  g.clip()
  g.strokeStyle = inks.of("muted", 0.55)
  g.lineWidth = 1
  g.beginPath()
  for (let d = -side; d < side; d += 5) { g.moveTo(x + d, y + side); g.lineTo(x + d + side, y) }
  g.stroke()
  g.restore()
}

function labelSize(cell, font) { return Math.min(font, Math.max(cell * 0.95, 7)) }

function drawRowLabels({ data, inks, start, hover, cell, left, above, nRows }, g, font) {
  const size = labelSize(cell, font)
  for (let i = 0; i < nRows; i++) {
    const row = start[0] + i, isFocus = row === data.focus, isOn = hover?.[0] === row
    g.fillStyle = inks.of(isFocus ? "query" : isOn ? "text" : "muted")
    g.font = `${isFocus || isOn ? "bold " : ""}${size}px ${inks.mono}`
    g.textAlign = "end"
    g.fillText(short(data.rows[row]), left - 6, above + (i + 0.5) * cell, left - 10)
  }
}

function drawColumnLabels({ data, inks, start, hover, cell, left, above, nColumns }, g, font) {
  const size = labelSize(cell, font)
  for (let j = 0; j < nColumns; j++) {
    const column = start[1] + j, isOn = hover?.[1] === column
    g.save()
    g.translate(left + (j + 0.5) * cell, above - 6)
    g.rotate(-Math.PI / 2)
    g.textAlign = "start"
    g.fillStyle = inks.of(isOn ? "text" : "muted")
    g.font = `${isOn ? "bold " : ""}${size}px ${inks.mono}`
    g.fillText(short(data.columns[column]), 0, 0)
    g.restore()
  }
}

function outline({ inks, cell, left, above, nRows, nColumns }, g, i, j, role) { // round a cell; round a whole row where j is null
  if (i < 0 || i >= nRows || (j !== null && (j < 0 || j >= nColumns))) return
  g.strokeStyle = inks.of(role)
  g.lineWidth = 2
  g.strokeRect(left + (j ?? 0) * cell - 1, above + i * cell - 1, (j === null ? nColumns : 1) * cell + 1, cell + 1)
}
