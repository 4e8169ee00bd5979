// Writes the files that are derived from docs/reference/openapi.json, all below the given folder.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readDocument } from "./document.mjs";
import { errorsPage } from "./errors.mjs";
import { indexPage, tagPages } from "./pages.mjs";
import { clientSchema, pageTypes } from "./typescript.mjs";

const folder = process.argv[2];
const document = await readDocument(folder);
const types = await pageTypes(document);

const notice = "<!-- Generated from docs/reference/openapi.json by scripts/api.sh. -->\n";
const files = {
  "clients/typescript/src/schema.ts": await clientSchema(document),
  "docs/reference/errors.md": `${notice}${errorsPage(document, types)}\n`,
  "docs/reference/api/README.md": `${notice}${indexPage(document)}\n`,
};
for (const [name, text] of tagPages(document, types)) files[`docs/reference/api/${name}`] = `${notice}${text}\n`;

for (const [name, text] of Object.entries(files)) {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
