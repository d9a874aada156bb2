// Words along a line. data: {label, low, high, rows: [{label, place, note}]}; −1 is a typical low end and 1 a typical high end.
// Words that would overlap stand higher, each on its stem.
const LANE = 2.7 // rem

function place(root) {
  const { data } = root
  const box = root.querySelector(".words"), width = box.clientWidth
  if (!width) return
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize)
  const places = data.rows.map((row) => row.place), low = Math.min(-1.15, ...places), high = Math.max(1.15, ...places)
  const share = (x) => (x - low) / (high - low)
  const lanes = [] // right edge of the last word of each lane
  const elements = [...box.children]
  elements.forEach((element, i) => {
    const half = element.offsetWidth / 2 + 5
    const x = clamp(share(places[i]) * width, half, width - half)
    let lane = lanes.findIndex((edge) => edge <= x - half)
    if (lane < 0) lane = lanes.push(0) - 1
    lanes[lane] = x + half
    element.style.left = `${x}px`
    element.dataset.lane = lane
  })
  box.style.height = `${lanes.length * LANE * rem}px`
  elements.forEach((element) => {
    const lane = Number(element.dataset.lane)
    element.style.bottom = `${lane * LANE * rem}px`
    element.style.zIndex = lanes.length - lane // above the stems of the words over it
    element.style.setProperty("--stem", `${lane * LANE * rem + 0.35 * rem}px`)
  })
  for (const [name, at] of [["low-mark", -1], ["middle", 0], ["high-mark", 1]]) root.querySelector(`.${name}`).style.left = `${100 * share(at)}%`
}

export default function ({ data, parentElement: root }) {
  root.data = data
  root.querySelector(".axis").setAttribute("aria-label", data.label)
  root.querySelector(".low").textContent = `← ${data.low}`
  root.querySelector(".high").textContent = `${data.high} →`
  root.querySelector(".words").replaceChildren(...data.rows.map((row) => {
    const word = make("div", undefined, "word")
    word.setAttribute("role", "listitem")
    word.append(isolated(row.label), make("small", row.note))
    return word
  }))
  place(root)
  root.watch ??= new ResizeObserver(() => place(root))
  root.watch.observe(root.querySelector(".axis"))
  return () => root.watch.disconnect()
}
