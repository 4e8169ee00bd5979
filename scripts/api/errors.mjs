// docs/reference/errors.md: every code, when it occurs, and how to handle it.
import { endpoints, jsonOf } from "./document.mjs";
import { code, fence, json, paragraphs, table } from "./markdown.mjs";

export function errorsPage(document, types) {
  const { kinds, reasons, permissions, types: validations } = document.components["x-errors"];
  const shape = (name) => types({ $ref: `#/components/schemas/${name}` });
  const named = (rows) => table(["name", "when", "what to do"], rows.map((row) => [code(row.name), row.when, row.remedy]));
  const validation = (rows) =>
    table(
      ["type", "`ctx`", "when", "what to do"],
      rows.map((row) => [code(row.name), row.ctx.map(code).join(", "), row.when, row.remedy]),
    );
  return paragraphs(
    "# Errors",
    `Every error response has one of two shapes. Invalid input is a 422 that lists all validation errors; every other error has
a code. Base decisions on \`status_code\`, \`error\`, and \`type\`, never on messages, which may change. The
[API reference](api/README.md) lists the errors of each endpoint.`,
    "Every response has the header `X-Request-Id`. Include it when you report a problem: the server's log contains it, too.",
    "## Codes",
    table(
      ["status", "`error`", "`details`", "headers", "when", "what to do"],
      kinds.map((kind) => [
        kind.status,
        code(kind.error),
        detailsOf(document, kind),
        headersOf(document, kind),
        kind.when,
        kind.remedy,
      ]),
    ),
    json(anExample(document, "403")),
    fence("ts", shape("ErrorResponse")),
    `\`timestamp\` is in UTC but has no time zone, as published in v1. Add the zone before you parse it; otherwise it is read as local time:
\`new Date(error.timestamp + "Z")\` in JavaScript, \`datetime.fromisoformat(error["timestamp"] + "+00:00")\` in Python. All other times
end in \`Z\`.`,
    "## Reasons",
    "The reason why a refresh token was rejected: `details.reason` of a 401.",
    named(reasons),
    "## Permissions",
    "The missing permission: `details.required_permission` of a 403.",
    named(permissions),
    "## Validation",
    `A 422 lists all validation errors at once, in the order of the fields. Show each message beside its field, which \`loc\`
names. Secrets are never returned: their \`input\` is \`null\`.`,
    json(anExample(document, "422")),
    fence("ts", shape("HTTPValidationError")),
    "Types defined by pydantic v2:",
    validation(validations.filter((type) => type.pydantic)),
    "Types defined by this server:",
    validation(validations.filter((type) => !type.pydantic)),
  );
}

function examples(document) {
  return endpoints(document).flatMap(({ responses }) =>
    Object.entries(responses).flatMap(([status, response]) =>
      Object.values(jsonOf(response)?.examples ?? {}).map(({ value }) => ({ status, value, headers: response.headers })),
    ),
  );
}

function anExample(document, status) {
  return examples(document).find((example) => example.status === status).value;
}

/** Returns the keys that the examples of a kind have in `details`. */
function detailsOf(document, kind) {
  return codes(examplesOf(document, kind).flatMap(({ value }) => Object.keys(value.details)));
}

/** Returns the headers of a kind, except those that every response has. */
function headersOf(document, kind) {
  const names = examplesOf(document, kind).flatMap(({ headers }) => Object.keys(headers ?? {}));
  return codes(names.filter((name) => name !== "X-Request-Id"));
}

function examplesOf(document, kind) {
  return examples(document).filter(({ value }) => value.error === kind.error && value.message === kind.message);
}

function codes(names) {
  return [...new Set(names)].map(code).join(", ");
}
