// The picture as PNG, with `made` in chunks of text (tEXt: keyword, 0, ASCII), which stand behind the header.
const HEADER_END = 33 // 8 bytes of signature, 25 of IHDR
const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
  return n
})
const crc = (bytes) => ~bytes.reduce((sum, byte) => CRC[(sum ^ byte) & 255] ^ (sum >>> 8), -1) >>> 0
const textChunk = ([keyword, text]) => {
  const body = new TextEncoder().encode(`tEXt${keyword}\0${text}`), chunk = new Uint8Array(body.length + 8), numbers = new DataView(chunk.buffer)
  numbers.setUint32(0, body.length - 4)
  chunk.set(body, 4)
  numbers.setUint32(body.length + 4, crc(body))
  return chunk
}
const SCALE = 2 // twice the pixels of the screen
const LARGEST_CANVAS = 12000 // px
const pngOf = async ({ text, width, height }, made) => {
  const drawn = new Image()
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }))
  try {
    drawn.src = address
    await drawn.decode()
    const scale = Math.min(SCALE, LARGEST_CANVAS / width, LARGEST_CANVAS / height), canvas = make("canvas")
    Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) })
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height)
    const png = await new Promise((done, fail) => canvas.toBlob((blob) => blob ? done(blob) : fail(new Error("empty picture")), "image/png"))
    return new Blob([png.slice(0, HEADER_END), ...Object.entries(made).map(textChunk), png.slice(HEADER_END)], { type: png.type })
  } finally { URL.revokeObjectURL(address) }
}
