// Writing step by step: the text so far, the throw of the dice, and the tokens it could have been.
// data: {tools: {play, pause, step, back, start}, running, can: {write, back}, speed, speeds: {name: label}, speed_label, hidden,
//   begun: [{label, out}], written: [{index, label, p, forced, end, out, now}], says, strip: {dice, begins, ends, parts: [{label, from, to}]} | null,
//   hint, rows: [{id, label, rank, p, final, share, final_share, kept, chosen}], words: {text, rows, more, forced, row, token}}
// Sends the triggers "act" (play, pause, step, back, start), "go" (index of a node), "take" (token id) and "speed" (name).
const WATCH_MS = 250 // as often as pages/generation/writing.py asks for news
const button = (text, className, act) => {
  const made = make("button", text, className)
  made.type = "button"
  made.onclick = act
  return made
}

function drawTools(root, data, send) {
  const { tools, can, running } = data
  const act = (name) => () => send("act", name)
  const play = button(running ? `❚❚ ${tools.pause}` : `▶ ${tools.play}`, "main", act(running ? "pause" : "play"))
  play.disabled = !running && !can.write
  const step = button(tools.step, "", act("step"))
  step.disabled = running || !can.write
  const back = button(tools.back, "", act("back"))
  const start = button(tools.start, "", act("start"))
  back.disabled = start.disabled = !can.back
  const speed = make("span", undefined, "speed")
  const choice = make("span")
  choice.setAttribute("role", "radiogroup")
  speed.append(make("span", data.speed_label, "name"), choice)
  radios(choice, data.speed_label, data.speeds, data.speed, (name) => send("speed", name))
  const line = root.querySelector(".tools")
  const focused = [...line.children].indexOf(root.activeElement)
  line.replaceChildren(play, step, back, start, speed)
  if (focused >= 0) line.children[focused].focus({ preventScroll: true })
}

function drawText(root, data, send) {
  const line = root.querySelector(".text")
  const wasAtEnd = line.scrollTop + line.clientHeight >= line.scrollHeight - 40
  line.setAttribute("aria-label", data.words.text)
  const before = data.hidden ? [make("span", fill(data.words.more, { n: data.hidden }), "begun")] : []
  const begun = data.begun.map(({ label, out }) => { const span = isolated(label); span.className = out ? "begun out" : "begun"; return span })
  const fresh = data.written.filter(({ index }) => root.seen && !root.seen.has(index)), wait = WATCH_MS / Math.max(fresh.length, 1)
  root.seen = new Set(data.written.map(({ index }) => index))
  const words = data.written.map((word) => {
    const made = button(undefined, ["word", word.forced && "forced", word.end && "end", word.out && "out"].filter(Boolean).join(" "), () => send("go", word.index))
    made.append(isolated(word.label))
    made.title = fill(word.forced ? data.words.forced : data.words.token, { p: word.p })
    if (word.now) made.setAttribute("aria-current", "step")
    if (data.running && fresh.length > 1 && fresh.includes(word)) { // several came at once: one after the other to the eye
      made.classList.add("fresh")
      made.style.animationDelay = `${Math.round(wait * fresh.indexOf(word))}ms`
    }
    return made
  })
  fillRoving(line, [...before, ...begun, ...words], words.length - 1)
  if (wasAtEnd) line.scrollTop = line.scrollHeight
}

function drawStrip(root, strip) {
  root.querySelector(".strip").hidden = !strip
  if (!strip) return
  root.querySelector(".parts").replaceChildren(...strip.parts.map((part) => {
    const span = make("span", part.to - part.from > 0.02 ? part.label : "", strip.dice >= part.from && strip.dice < part.to ? "hit" : "")
    span.style.left = `${100 * part.from}%`
    span.style.width = `${100 * (part.to - part.from)}%`
    span.title = part.label
    return span
  }))
  root.querySelector(".dice").style.left = `${100 * strip.dice}%`
}

function drawRows(root, data, send) {
  const list = root.querySelector(".rows")
  list.setAttribute("aria-label", data.words.rows)
  fillRoving(list, data.rows.map((row) => {
    const made = button(undefined, [row.kept ? "" : "cut", row.chosen && "chosen"].filter(Boolean).join(" "), () => send("take", row.id))
    const label = isolated(row.label), track = make("span", undefined, "track"), bar = make("span", undefined, "fill"), before = make("span", undefined, "before")
    label.className = "label"
    bar.style.width = `${100 * row.final_share}%`
    before.style.width = `${100 * row.share}%`
    track.append(bar, before)
    made.append(make("span", number(row.rank), "rank"), label, track, make("span", row.kept ? row.final : row.p, "p"))
    made.title = fill(data.words.row, { token: row.label, p: row.p, final: row.final })
    const item = make("li")
    item.append(made)
    return item
  }))
}

export default function ({ data, parentElement, setTriggerValue }) {
  drawTools(parentElement, data, setTriggerValue)
  drawText(parentElement, data, setTriggerValue)
  parentElement.querySelector(".says").textContent = data.says
  drawStrip(parentElement, data.strip)
  parentElement.querySelector(".hint").textContent = data.hint
  drawRows(parentElement, data, setTriggerValue)
}
