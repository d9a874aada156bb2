// A component's code as the page gets it, without a page: what its top level declares, by name.
import { readFileSync, readdirSync } from "node:fs"

const FOLDER = new URL("../../viz/components/", import.meta.url)

export async function load(component, ...names) {
  const own = new URL(`${component}/`, FOLDER)
  const parts = readdirSync(own).filter((name) => name.endsWith(".js") && name !== "component.js").sort()
  const files = [new URL("shared.js", FOLDER), ...[...parts, "component.js"].map((name) => new URL(name, own))]
  const text = files.map((file) => readFileSync(file, "utf8")).join("\n")
  return import(`data:text/javascript;base64,${Buffer.from(`${text}\nexport { ${names.join(", ")} }`).toString("base64")}`)
}
