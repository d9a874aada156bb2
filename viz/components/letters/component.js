// Counting letters: the word as a person sees it, and as the model does. data: {letters: [{text, number}], tokens: [{label, ids, count}],
// labels: {you, model, you_note, model_note, inside}}

export default function ({ data, parentElement }) {
  const find = (selector) => parentElement.querySelector(selector)
  for (const name of ["you", "model", "you_note", "model_note"]) find(`.${name}`).textContent = data.labels[name]
  find(".letters").replaceChildren(...data.letters.map(({ text, number }) => {
    const box = make("span", undefined, number ? "letter hit" : "letter")
    box.append(make("bdi", text), make("span", number ? String(number) : "", "number"))
    return box
  }))
  find(".tokens").replaceChildren(...data.tokens.map(({ label, ids, count }) => {
    const box = make("span", undefined, "token")
    const under = make("span", undefined, "under")
    const text = make("bdi", label, "text")
    text.dir = "auto"
    under.append(text, " ", make(count ? "b" : "span", data.labels.inside.replace("{n}", count)))
    box.append(make("span", ids.join(" "), "id"), under)
    return box
  }))
}
