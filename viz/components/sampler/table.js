// The ledger under the controls: the likeliest tokens, the line where the cut is and the tokens round it.
const COLUMNS = ["token", "logit", "scaled", "bar", "model", "final", "verdict"]
const RULES = ["", "greedy", "top_k", "top_p", "min_p"]
const ENDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1] // where the bars' scale may end

class Table {
  constructor(root, changed) {
    this.$ = (selector) => root.querySelector(selector)
    this.changed = changed // is called when another row was chosen
    this.size = 12
    this.chosen = null // the place whose working is shown; null is the first row
    this.rows = []
    this.$("tbody").onclick = (event) => this.choose(event.target.closest("tr"))
    this.$("tbody").onkeydown = (event) => this.press(event)
  }

  writeHead(words) {
    const head = make("tr")
    for (const column of COLUMNS) {
      const cell = make("th", words.columns[column], column)
      cell.scope = "col"
      if (column === "bar") cell.replaceChildren(make("span", words.columns.bar, "visually-hidden"), make("span", "0"), make("span", "", "end"))
      head.append(cell)
    }
    this.$("thead").replaceChildren(head)
    write(this.$("caption"), words.caption)
  }

  makeRows() { // they are made once and written anew
    this.rows = Array.from({ length: this.size + 2 }, emptyRow)
    this.$("tbody").replaceChildren(...this.rows)
    this.rows[0].button.tabIndex = 0
  }

  // What the lines show: a number is a token by its rank after the penalties, "gap" the ones left out, "cut" the cut line.
  plan(sampler) {
    const { n, edge } = sampler, size = Math.min(this.size, n)
    const from = (a, b) => Array.from({ length: Math.max(0, b - a) }, (_, i) => a + i)
    if (edge >= n) return from(0, size)
    if (edge <= size - 3) return [...from(0, edge), "cut", ...from(edge, size)]
    const end = Math.min(edge + 3, n)
    if (end <= sampler.labels.length) return [...from(0, size - 5), "gap", edge - 2, edge - 1, "cut", ...from(edge, end)]
    return [...from(0, size - 2), "gap", "cut"]
  }

  draw(sampler, temperature, words) {
    const plan = this.plan(sampler), shown = plan.filter((i) => typeof i === "number")
    const most = Math.max(0, ...shown.map((i) => Math.max(sampler.p[i], sampler.model[sampler.at[i]])))
    this.end = ENDS.find((end) => end >= most) ?? 1
    write(this.$("th .end"), percent(this.end))
    const nLeftOut = sampler.edge - shown.filter((i) => i < sampler.edge).length
    this.rows.forEach((row, line) => {
      const i = plan[line]
      row.hidden = i === undefined
      if (row.hidden) return
      turnInto(row, typeof i === "string")
      if (row.isLine) writeLine(row, i, sampler, nLeftOut, words)
      else this.writeToken(row, i, sampler, temperature, words)
    })
  }

  writeToken(row, i, sampler, temperature, words) {
    const cells = row.cellsByName, place = sampler.at[i], logit = sampler.logits[place], isCut = sampler.cut[i] > 0
    row.place = place
    row.className = `${isCut ? "is-cut" : "is-kept"}${place === this.chosen ? " chosen" : ""}`
    write(row.text, sampler.label(place))
    row.button.setAttribute("aria-pressed", String(place === this.chosen))
    write(row.times, sampler.seen[place] === 1 && sampler.hasPenalties ? `×${sampler.count.get(place)}` : "")
    row.times.title = words.times
    write(cells.logit, logit !== sampler.scores[i] ? `${decimal(logit)} → ${decimal(sampler.scores[i])}` : decimal(logit))
    write(cells.scaled, temperature === 0 ? "–" : decimal(sampler.scaled[i]))
    row.outline.style.width = `${100 * Math.min(1, sampler.model[place] / this.end)}%`
    row.filled.style.transform = `scaleX(${Math.min(1, sampler.p[i] / this.end)})`
    write(cells.model, percent(sampler.model[place]))
    write(cells.final, percent(sampler.final(i)))
    write(cells.verdict, isCut ? words.cut[RULES[sampler.cut[i]]] : words.kept)
  }

  choose(row) {
    if (row?.place === undefined) return
    this.chosen = row.place
    this.rows.forEach((other) => { other.button.tabIndex = other === row ? 0 : -1 })
    this.changed()
  }

  press(event) {
    const lines = this.rows.filter((row) => !row.hidden && !row.isLine)
    const now = lines.findIndex((row) => row.button === event.target)
    const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: lines.length - 1 }[event.key]
    if (now < 0 || next === undefined) return
    event.preventDefault()
    lines[clamp(next, 0, lines.length - 1)].button.focus()
  }
}
