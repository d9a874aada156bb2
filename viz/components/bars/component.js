// Rows of label, bar, number. data: {label, rows: [{label, share, note, token?, plain?, muted?, guess?, title?}], clickable}
// `share` is the filled part of the track, 0…1. Sends the trigger "chosen" with the row's index.
export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector(".bars")
  list.setAttribute("aria-label", data.label)
  list.classList.toggle("guessing", data.rows.some((row) => row.guess !== undefined))
  list.replaceChildren(...data.rows.map((row, index) => {
    const line = document.createElement("div")
    line.className = ["row", row.muted && "muted", row.plain && "plain"].filter(Boolean).join(" ")
    line.setAttribute("role", "listitem")
    const clickable = data.clickable && !row.muted
    const label = document.createElement(clickable ? "button" : "bdi")
    label.className = row.token ? "label token" : "label"
    label.dir = "auto"
    label.textContent = row.label
    if (row.title) label.title = row.title
    if (clickable) { label.type = "button"; label.onclick = () => setTriggerValue("chosen", index) }
    const track = document.createElement("div")
    track.className = "track"
    const fill = document.createElement("div")
    fill.className = "fill"
    fill.style.width = `${100 * row.share}%`
    track.append(fill)
    const note = document.createElement("span")
    note.className = "note"
    note.textContent = row.note
    if (row.guess === undefined) line.append(label, track, note)
    else {
      const guess = document.createElement("bdi")
      guess.className = "guess"
      guess.textContent = row.guess
      guess.title = row.guess
      line.append(label, guess, track, note)
    }
    return line
  }))
}
