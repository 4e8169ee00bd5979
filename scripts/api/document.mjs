// The API's description, and questions about it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export const documentPath = (folder = root) => join(folder, "docs/openapi.json");

export async function readDocument(folder) {
  return JSON.parse(await readFile(documentPath(folder), "utf8"));
}

/** Answers all endpoints in the order of the document, those of one tag if it is given. */
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

/** Whether a bearer has to sign it, or anybody may ask. */
export function needsBearer(endpoint) {
  return endpoint.security.length > 0;
}

export function jsonOf(message) {
  return message?.content?.["application/json"];
}

/** Answers the statuses of failures that happen, and of those that are only reserved. */
export function failures(endpoint) {
  const all = Object.entries(endpoint.responses).filter(([status]) => status !== "200");
  const reserved = ([, { description }]) => description.startsWith("Reserved:");
  return {
    answered: all.filter((failure) => !reserved(failure)),
    reserved: all.filter(reserved).map(([status]) => status),
  };
}

/** Answers requests a minute from one address, or nothing where nobody counts. */
export function limit(endpoint) {
  return endpoint["x-limit"]?.requests_per_minute;
}
