// How a word is cut: a ladder with one row a step and one column a start piece. Everything is in `data`; moving through the steps asks
// no server. data: {id, kind, labels, chunks: [{text, whole, columns, rows: [{cells, pairs, …}]}]} (see viz/merges.py)
const SECONDS_A_STEP = 1.1

function cellElement(cell, row, labels) {
  const box = make("div", undefined, "cell")
  box.style.gridColumn = `${cell.start + 1} / span ${cell.span}`
  if (cell.label.startsWith("⟨")) box.classList.add("hex")
  box.classList.toggle("hot", cell.hot)
  box.classList.toggle("new", cell.new)
  box.classList.toggle("final", Boolean(row.final || row.best))
  const borders = row.pairs.filter((pair) => pair.chosen).map((pair) => pair.at)
  if (borders.includes(cell.start + cell.span)) box.classList.add("joinleft")
  if (borders.includes(cell.start)) box.classList.add("joinright")
  box.append(isolated(cell.label))
  if (row.final && cell.id >= 0) box.append(make("span", String(cell.id), "id"))
  if (cell.score !== undefined) box.append(make("span", cell.score.toFixed(2), "score"))
  box.title = cell.id >= 0 ? `${labels.id} ${cell.id}` : ""
  return box
}

function rungElement(row, chunk, labels, width) {
  const rung = make("div", undefined, "rung")
  rung.style.setProperty("--n", chunk.columns)
  rung.append(...row.cells.map((cell) => cellElement(cell, row, labels)))
  let end = -Infinity // where the number before ends, in rem; numbers that would touch go to a second line
  for (const pair of row.pairs) {
    const mark = make("div", undefined, "mark")
    mark.style.gridColumn = `${pair.at + 1} / span 1`
    const rank = make("span", String(pair.rank), "rank")
    rank.classList.toggle("chosen", pair.chosen)
    const half = 0.26 * String(pair.rank).length + 0.25
    if (pair.at * width - half < end) rank.classList.add("low")
    else end = pair.at * width + half
    mark.append(rank)
    rung.append(mark)
  }
  rung.classList.toggle("two", rung.querySelector(".low") !== null)
  if (row.rank !== undefined) {
    const note = make("span", undefined, "note")
    note.append(isolated(row.left), " + ", isolated(row.right), " → ", isolated(row.result))
    note.style.gridColumn = String(chunk.columns + 1)
    rung.append(note)
  }
  return rung
}

function captionElement(row, data) {
  const labels = data.labels
  const caption = make("p", undefined, "caption")
  if (row.tried) {
    const misses = row.result ? row.tried.slice(0, row.n_tried > row.tried.length ? undefined : -1) : row.tried
    caption.append(...misses.map((text) => make("s", text)))
    if (row.n_tried > row.tried.length) caption.append("… ")
    caption.append(row.result ? make("b", row.result) : make("span", labels.nothing))
  } else if (row.total !== undefined) {
    caption.append(make("span", fill(row.best ? labels.best : labels.total, { total: row.total.toFixed(2) }), "total"))
  } else return null
  return caption
}

function ladderElement(chunk, data, rungs) {
  const ladder = make("div", undefined, "ladder")
  const digits = Math.max(...chunk.rows.flatMap((row) => row.pairs.map((pair) => String(pair.rank).length)), 1)
  const isNarrow = matchMedia("(max-width: 760px)").matches
  const room = isNarrow || chunk.columns > 14 ? 2.6 : chunk.columns > 8 ? 3.6 : 4.6
  const width = Math.max(room, isNarrow ? 0 : 0.5 * digits)
  ladder.style.setProperty("--w", `${width}rem`)
  if (chunk.whole) ladder.append(make("p", data.labels[chunk.whole] ?? "", "whole"))
  for (const row of chunk.rows) {
    const rung = rungElement(row, chunk, data.labels, width)
    const caption = captionElement(row, data)
    ladder.append(rung)
    if (caption) ladder.append(caption)
    rungs.push({ rung, caption, row, chunk })
  }
  return ladder
}

function sentence(data, step, moves, n) {
  const labels = data.labels
  if (data.kind === "unigram") return labels.unigram
  if (!n) return labels.no_steps
  const next = moves[step]
  if (!next) return data.kind === "wordpiece" ? labels.done_match : labels.done
  if (next.row.tried) return next.row.result ? fill(labels.match, { result: next.row.result }) : labels.no_match
  const { left, right, result, rank, n_pairs } = next.row
  return fill(n_pairs > 1 ? labels.merge : labels.merge_only, { left, right, result, rank, n: n_pairs })
}

export default function ({ data, parentElement }) {
  const find = (selector) => parentElement.querySelector(selector)
  const state = (parentElement.__merges ??= { timer: null, id: null, step: 0 })
  const rungs = []
  find(".ladders").replaceChildren(...data.chunks.map((chunk) => ladderElement(chunk, data, rungs)))
  const moves = []
  for (const rung of rungs) { // a row shows once the steps before it are done; the first of each stretch always does
    rung.isMove = !rung.row.final && rung.row.total === undefined
    rung.from = rung.row === rung.chunk.rows[0] ? 0 : moves.length
    if (rung.isMove) moves.push(rung)
  }
  const n = moves.length
  const pause = () => { clearInterval(state.timer); state.timer = null }
  pause()
  if (state.id !== data.id) { state.id = data.id; state.step = n }

  const scrub = find(".scrub"), play = find(".play"), back = find(".back"), on = find(".on")
  find(".controls").hidden = n === 0
  find(".legend").textContent = data.kind === "bpe" && n ? data.labels.legend : ""
  scrub.max = n
  scrub.setAttribute("aria-label", data.labels.scrub)
  back.setAttribute("aria-label", data.labels.back)
  on.setAttribute("aria-label", data.labels.on)

  function draw() {
    const step = state.step
    scrub.value = step
    scrub.setAttribute("aria-valuetext", fill(data.labels.where, { step, n }))
    find(".where").textContent = fill(data.labels.where, { step, n })
    find(".now").textContent = sentence(data, step, moves, n)
    back.disabled = step === 0
    on.disabled = step === n
    play.textContent = state.timer ? data.labels.pause : data.labels.play
    for (const { rung, caption, from, isMove } of rungs) {
      const isFuture = from > step
      rung.classList.toggle("future", isFuture)
      rung.classList.toggle("past", isMove && from < step)
      if (caption) caption.style.visibility = isFuture ? "hidden" : ""
    }
  }
  const go = (step) => { state.step = Math.max(0, Math.min(n, step)); draw() }
  scrub.oninput = () => { pause(); go(Number(scrub.value)) }
  back.onclick = () => { pause(); go(state.step - 1) }
  on.onclick = () => { pause(); go(state.step + 1) }
  play.onclick = () => {
    if (state.timer) pause()
    else {
      if (state.step === n) state.step = 0
      state.timer = setInterval(() => { if (state.step + 1 >= n) pause(); go(state.step + 1) }, SECONDS_A_STEP * 1000)
    }
    draw()
  }
  draw()
  return () => clearInterval(state.timer)
}
