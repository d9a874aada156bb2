// A table of models to choose from. data: {title, note, head: [words], models: [{name, title, text, hint, cells: [words], verdict,
// fit, state, now, open}]}. `open` is the label of the button; where it is null, `state` says why there is none.
// Sends the trigger "chosen" with the model's name.
export default function ({ data, parentElement, setTriggerValue }) {
  const make = (tag, name, text) => {
    const element = document.createElement(tag)
    if (name) element.className = name
    if (text) element.textContent = text
    return element
  }
  const row = (model) => {
    const line = make("tr", `model ${model.verdict}${model.now ? " now" : ""}`)
    const title = make("th")
    title.scope = "row"
    title.append(make("span", "title", model.title), make("bdi", "id", model.name), make("span", "text", model.text))
    if (model.hint) title.append(make("span", "hint", model.hint))
    line.append(title)
    const cells = [...model.cells, model.fit].map((words, i) => {
      const cell = make("td", "")
      cell.dataset.label = data.head[i + 1]
      cell.append(make("span", "", words))
      return cell
    })
    cells.at(-1).className = "fit"
    const last = make("td", "act")
    if (model.open) {
      const button = make("button", "", model.open)
      button.type = "button"
      button.setAttribute("aria-label", `${model.open}: ${model.title}`)
      button.onclick = () => setTriggerValue("chosen", model.name)
      last.append(button)
    } else last.append(make("span", "state", model.state))
    line.append(...cells, last)
    return line
  }
  const table = make("table")
  const caption = make("caption", "", data.title)
  if (data.note) caption.append(make("span", "note", data.note))
  const head = make("tr")
  for (const words of data.head) {
    const cell = make("th", "", words)
    cell.scope = "col"
    head.append(cell)
  }
  const act = make("td")
  head.append(act)
  const top = make("thead")
  top.append(head)
  const body = make("tbody")
  body.append(...data.models.map(row))
  table.append(caption, top, body)
  const box = parentElement.querySelector(".models")
  // a dialog stands outside the app's own element, where light-dark() would not know the theme
  box.style.colorScheme = getComputedStyle(document.querySelector("[data-testid=stApp]") ?? document.body).colorScheme
  box.replaceChildren(table)
}
