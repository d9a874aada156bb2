// The picture as PNG.
const SCALE = 2 // twice the pixels of the screen
const LARGEST_CANVAS = 12000 // px
const pngOf = async ({ text, width, height }) => {
  const drawn = new Image()
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }))
  try {
    drawn.src = address
    await drawn.decode()
    const scale = Math.min(SCALE, LARGEST_CANVAS / width, LARGEST_CANVAS / height), canvas = make("canvas")
    Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) })
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height)
    return await new Promise((done, fail) => canvas.toBlob((blob) => blob ? done(blob) : fail(new Error("empty picture")), "image/png"))
  } finally { URL.revokeObjectURL(address) }
}
