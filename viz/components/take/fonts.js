// The fonts that a picture is written in, to put into it.
const fontFaces = async (picture) => {
  const wanted = [...picture.fonts.values()], faces = []
  for (const sheet of document.styleSheets) {
    let rules
    try { rules = [...sheet.cssRules] } catch { continue } // a sheet of another host; there is none of ours
    for (const rule of rules) {
      if (!(rule instanceof CSSFontFaceRule)) continue
      const family = rule.style.getPropertyValue("font-family").replace(/["']/g, ""), slant = rule.style.getPropertyValue("font-style") || "normal"
      const from = /url\(["']?([^"')]+)["']?\)/.exec(rule.style.getPropertyValue("src"))?.[1]
      if (!from || !wanted.some((each) => each.family === family && (each.style === "normal") === (slant === "normal"))) continue
      const data = await (await fetch(new URL(from, sheet.href ?? document.baseURI))).blob()
      const coded = await new Promise((done) => { const reader = new FileReader(); reader.onload = () => done(reader.result); reader.readAsDataURL(data) })
      faces.push(`@font-face{font-family:"${family}";font-style:${slant};font-weight:${rule.style.getPropertyValue("font-weight") || "400"};src:url(${coded})}`)
    }
  }
  return faces.join("")
}
