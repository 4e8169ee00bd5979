// TypeScript generated from the document: complete for the client, and single types for the pages.
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";
import { rules } from "./rules.mjs";

const options = {
  // Otherwise the type of an object without listed properties would allow none.
  emptyObjectsUnknown: true,
};

export async function clientSchema(document) {
  const header = "// Generated from docs/reference/openapi.json by scripts/api.sh.\n";
  return header + astToString(await openapiTS(structuredClone(document), options));
}

/** Returns a function that writes a schema and the schemas that it references for a page. */
export async function pageTypes(document) {
  const schemas = structuredClone(document.components.schemas);
  for (const schema of Object.values(schemas)) plain(schema);
  const { openapi, info } = document;
  const ast = await openapiTS({ openapi, info, paths: {}, components: { schemas } }, options);

  const components = ast.find((node) => node.name?.text === "components");
  const members = components.members.find((member) => member.name.text === "schemas").type.members;
  const texts = new Map(members.map((member) => [member.name.text, print(member)]));

  return (schema) => {
    const name = schema.$ref?.split("/").at(-1);
    if (!name) return undefined;
    const names = new Set([name]);
    // The loop also visits names that are added.
    for (const known of names) {
      for (const [, other] of texts.get(known).matchAll(reference)) names.add(other);
    }
    return [...names]
      .map((each) => comment(schemas[each]) + `type ${each} = ${texts.get(each).replace(reference, "$1")};`)
      .join("\n\n");
  };
}

const reference = /components\["schemas"\]\["(\w+)"\]/g;

function print(member) {
  return astToString(ts.factory.createNodeArray([member.type]))
    .trim()
    .replaceAll("    ", "  ")
    .replaceAll(/\/\*\*\s+(?:\* )?@description (.*?)(?:\s+\* @enum \{string\})?\s+\*\//g, "/** $1 */");
}

function comment(schema) {
  return schema.description ? `/** ${schema.description} */\n` : "";
}

/** Shortens the descriptions of a schema and its parts to one-line comments. */
function plain(schema) {
  const text = [schema.description?.replaceAll(/\s+/g, " "), rules(schema)];
  schema.description = text.filter(Boolean).join(" ") || undefined;
  for (const noise of ["format", "example", "examples", "default"]) delete schema[noise];
  for (const part of [...(schema.allOf ?? []), ...Object.values(schema.properties ?? {})]) {
    if (!part.$ref) plain(part);
  }
}
