// Tokens as chips with ids and bytes, and everything about one of them beside. A chip whose character takes several tokens has
// several parts. data: {counts: [[label, n, main]], chips: [{label, special, tokens: [details]}], focus, labels, more, notes…}
// Hovering shows, clicking (or Enter, or the arrow keys) chooses and sends the trigger "focus" with the token's position.

function drawCounts(place, counts) {
  place.replaceChildren(...counts.map(([label, n, main]) => {
    const box = make("div", undefined, main ? "main" : "")
    box.append(make("dt", label), make("dd", number(n)))
    return box
  }))
}

function codePoints(list) {
  const ul = make("ul")
  for (const { text, code, name } of list.slice(0, 12)) {
    const li = make("li")
    li.append(isolated(text), " ", make("span", code, "mono"), " ", make("span", name.toLowerCase(), "name"))
    ul.append(li)
  }
  if (list.length > 12) ul.append(make("li", `+ ${list.length - 12}`, "name"))
  return ul
}

function drawDetails(place, { token, chip }, data) {
  const labels = data.labels
  const title = make("h3")
  title.append(isolated(token.label))
  const list = make("dl")
  const row = (label, content, className) => {
    const dd = make("dd", typeof content === "string" ? content : undefined, className)
    if (typeof content !== "string") dd.append(content)
    list.append(make("dt", label), dd)
  }
  row(labels.id, fill(labels.id_of, { id: number(token.id), n: number(data.vocab_size) }))
  row(labels.position, String(token.position))
  if (token.bytes.length) row(labels.bytes, token.bytes.slice(0, 48).join(" "), "mono")
  if (token.code_points.length && !token.special) row(labels.code_points, codePoints(token.code_points))
  if (!token.special) row(labels.space, token.space ? labels.yes : labels.no)
  if (token.rank !== null) row(labels.rank, fill(labels.rank_of, { rank: number(token.rank), n: number(data.n_merges) }))
  place.replaceChildren(title, list)
  const note = token.unknown ? labels.unknown : token.special ? labels.special : token.is_part ? fill(labels.part, { character: chip.label }) : token.rank === null && data.n_merges ? labels.start : ""
  if (note) place.append(make("p", note))
}

export default function ({ data, parentElement, setTriggerValue }) {
  drawCounts(parentElement.querySelector(".counts"), data.counts)
  const row = parentElement.querySelector(".row")
  const details = parentElement.querySelector(".details")
  row.setAttribute("aria-label", data.labels.row)
  const hadFocus = row.contains(parentElement.activeElement ?? null)
  const parts = []
  let chosen = 0

  const show = (index) => {
    parts.forEach(({ button }, i) => button.classList.toggle("shown", i === index))
    drawDetails(details, parts[index], data)
  }
  const choose = (index) => {
    chosen = index
    parts.forEach(({ button }, i) => { button.setAttribute("aria-selected", String(i === index)); button.tabIndex = i === index ? 0 : -1 })
    parts[index].button.focus()
    show(index)
    setTriggerValue("focus", parts[index].token.position)
  }

  row.replaceChildren(...data.chips.map((chip) => {
    const box = make("div", undefined, chip.special ? "chip special" : "chip")
    box.setAttribute("role", "group")
    const text = make("span", undefined, "text")
    text.append(isolated(chip.label))
    const strip = make("div", undefined, "parts")
    for (const token of chip.tokens) {
      const index = parts.length
      const button = make("button", undefined, "part")
      button.type = "button"
      button.setAttribute("role", "option")
      button.setAttribute("aria-label", `${token.label} ${data.labels.id} ${token.id}`)
      button.setAttribute("aria-selected", String(token.position === data.focus))
      button.tabIndex = token.position === data.focus ? 0 : -1
      button.append(make("span", String(token.id), "id"))
      if (token.bytes.length && !token.special) button.append(make("span", token.bytes.slice(0, 12).join(" ") + (token.bytes.length > 12 ? " …" : ""), "bytes"))
      button.onclick = () => choose(index)
      button.onpointerenter = () => show(index)
      button.onfocus = () => show(index)
      if (token.position === data.focus) chosen = index
      parts.push({ button, token, chip })
      strip.append(button)
    }
    box.append(text, strip)
    return box
  }))
  row.onpointerleave = () => { if (parts.length) show(chosen) }
  row.onkeydown = (event) => {
    const now = parts.findIndex(({ button }) => button === event.target)
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: parts.length - 1 }[event.key]
    if (now < 0 || next === undefined) return
    event.preventDefault()
    if (parts[next]) choose(next)
  }
  if (parts.length) {
    if (!parts.some(({ button }) => button.tabIndex === 0)) parts[0].button.tabIndex = 0
    show(chosen)
    requestAnimationFrame(() => { // a long text scrolls inside its box; the fade says that there is more
      row.classList.toggle("long", row.scrollHeight > row.clientHeight + 4)
      const box = parts[chosen].button.getBoundingClientRect(), frame = row.getBoundingClientRect()
      if (box.top < frame.top || box.bottom > frame.bottom) row.scrollTop += box.top - frame.top - frame.height / 2
    })
    if (hadFocus) parts[chosen].button.focus()
  } else details.replaceChildren(make("p", data.labels.empty))
  parentElement.querySelector(".more").textContent = data.more ?? ""
}
