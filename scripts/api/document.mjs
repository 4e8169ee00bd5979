// The OpenAPI document, and queries on it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export const documentPath = (folder = root) => join(folder, "docs/reference/openapi.json");

export async function readDocument(folder) {
  return JSON.parse(await readFile(documentPath(folder), "utf8"));
}

/** Returns the endpoints in the order of the document: those of one tag, or all. */
export function endpoints(document, tag) {
  return Object.entries(document.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...operation,
        method: method.toUpperCase(),
        path,
      })),
    )
    .filter((endpoint) => tag === undefined || endpoint.tags.includes(tag));
}

/** Returns `true` if an endpoint requires an access token. */
export function needsBearer(endpoint) {
  return endpoint.security.length > 0;
}

export function jsonOf(message) {
  return message?.content?.["application/json"];
}

/** Returns the error responses that occur, and the statuses that are only reserved. */
export function failures(endpoint) {
  const all = Object.entries(endpoint.responses).filter(([status]) => status !== "200");
  const reserved = ([, { description }]) => description.startsWith("Reserved:");
  return {
    returned: all.filter((failure) => !reserved(failure)),
    reserved: all.filter(reserved).map(([status]) => status),
  };
}

/** Returns the limit of requests per minute and IP address, or `undefined` if there is none. */
export function limit(endpoint) {
  return endpoint["x-limit"]?.requests_per_minute;
}
