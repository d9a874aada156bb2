// One head's weights and what follows from them alone: the largest ones, shares of a scale, and how a weight is written.
const LOG_FLOOR = 4 // decades

class Weights {
  constructor({ rows, columns, spans, weights, is_share }) {
    this.nRows = rows.length
    this.nColumns = columns.length
    this.isShare = is_share
    this.values = new Float32Array(this.nRows * this.nColumns).fill(NaN) // [row, column] with nan outside the spans
    let at = 0
    for (let row = 0; row < this.nRows; row++) {
      const [first, n] = spans.subarray(2 * row, 2 * row + 2)
      this.values.set(weights.subarray(at, at + n), row * this.nColumns + first)
      at += n
    }
    this.findLargest()
  }

  findLargest() { // of each row and of all, with and without the first token
    this.most = [new Float32Array(this.nRows), new Float32Array(this.nRows)]
    this.top = [0, 0]
    for (let row = 0; row < this.nRows; row++) {
      for (let column = 0; column < this.nColumns; column++) {
        const weight = this.at(row, column)
        if (weight > this.most[0][row]) this.most[0][row] = weight
        if (column > 0 && weight > this.most[1][row]) this.most[1][row] = weight
      }
      for (const i of [0, 1]) this.top[i] = Math.max(this.top[i], this.most[i][row])
    }
  }

  at(row, column) { return this.values[row * this.nColumns + column] }

  share(row, column, { scale, hide }) { // 0 … 1 on that scale
    const weight = this.at(row, column), i = hide ? 1 : 0
    if (scale === "log") return weight > 0 ? clamp(1 + Math.log10(weight) / LOG_FLOOR, 0, 1) : 0
    const most = scale === "row" ? this.most[i][row] : this.top[i]
    return most > 0 ? Math.min(weight / most, 1) : 0
  }

  favourite(row, { hide }) { // the column with the row's largest weight
    let best = hide ? 1 : 0
    for (let column = best; column < this.nColumns; column++)
      if (this.at(row, column) > (this.at(row, best) || 0)) best = column
    return Math.min(best, this.nColumns - 1)
  }

  amount(weight) { return this.isShare ? percent(weight) : number(weight, weight < 0.995 ? 3 : 2) }

  inCell(weight) { // percent without its sign, or a length; a dot for what is too small to write
    if (!this.isShare) return weight >= 0.05 ? weight.toFixed(1) : "·"
    const value = 100 * weight
    return value >= 0.5 ? value.toFixed(0) : value > 0 ? "·" : "0"
  }
}
