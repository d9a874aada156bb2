// One picture being drawn, and where in it things lie.
// `out` collects shapes and `defs` what they point to, `right` and `bottom` are how far they reach, `fonts` what they are written in.
const drawing = (card) => ({
  out: node("g", {}), defs: node("defs", {}), n: 0, fonts: new Map(), opened: new Set(), origin: card.getBoundingClientRect(), right: 0, bottom: 0,
  pen: make("canvas").getContext("2d"), // measures text
})
const where = (picture, rect) => ({ x: rect.left - picture.origin.left, y: rect.top - picture.origin.top, width: rect.width, height: rect.height })
const place = (picture, rect) => { // of what is seen: the picture grows to hold it
  const at = where(picture, rect)
  picture.right = Math.max(picture.right, at.x + at.width)
  picture.bottom = Math.max(picture.bottom, at.y + at.height)
  return at
}
