// Writes all that is derived from docs/openapi.json: both are below the folder that is given.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readDocument } from "./document.mjs";
import { errorsPage } from "./errors.mjs";
import { indexPage, tagPages } from "./pages.mjs";
import { clientSchema, pageTypes } from "./typescript.mjs";

const folder = process.argv[2];
const document = await readDocument(folder);
const types = await pageTypes(document);

const notice = "<!-- Generated from docs/openapi.json by scripts/api.sh. -->\n";
const files = {
  "clients/typescript/src/schema.ts": await clientSchema(document),
  "docs/errors.md": `${notice}${errorsPage(document, types)}\n`,
  "docs/api/README.md": `${notice}${indexPage(document)}\n`,
};
for (const [name, text] of tagPages(document, types)) files[`docs/api/${name}`] = `${notice}${text}\n`;

for (const [name, text] of Object.entries(files)) {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
