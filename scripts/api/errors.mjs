// docs/errors.md: every code, when it comes, and what to do.
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
    `Every failure has one of two shapes. A request that can be mended is 422 and lists what is wrong with it; everything else
has a code. Decide by \`status_code\` and \`error\`, and by \`type\`, never by the texts for persons: those may change. Which
endpoint answers what is on the [pages of the endpoints](api/README.md).`,
    "Every answer has the header `X-Request-Id`. Quote it when something went wrong on our side: the log has it, too.",
    "## Codes",
    table(
      ["status", "`error`", "`details`", "when", "what to do"],
      kinds.map((kind) => [kind.status, code(kind.error), detailsOf(document, kind), kind.when, kind.remedy]),
    ),
    json(anExample(document, "403")),
    fence("ts", shape("ErrorResponse")),
    `\`timestamp\` is in UTC and has no zone, as published in v1. Add the zone before you parse it, or it is read as local time:
\`new Date(error.timestamp + "Z")\` in JavaScript, \`datetime.fromisoformat(error["timestamp"] + "+00:00")\` in Python. All other times
end in \`Z\`.`,
    "## Reasons",
    "Why a refresh token was refused: `details.reason` of a 401.",
    named(reasons),
    "## Permissions",
    "What is missing: `details.required_permission` of a 403.",
    named(permissions),
    "## Validation",
    `A 422 lists all that is wrong at once, in the order of the fields. Show each text beside its field: \`loc\` names it. Secrets
are never shown again: their \`input\` is \`null\`.`,
    json(anExample(document, "422")),
    fence("ts", shape("HTTPValidationError")),
    "Types in the words of pydantic v2:",
    validation(validations.filter((type) => type.pydantic)),
    "Types of this server's own:",
    validation(validations.filter((type) => !type.pydantic)),
  );
}

function examples(document) {
  return endpoints(document).flatMap(({ responses }) =>
    Object.entries(responses).flatMap(([status, response]) =>
      Object.values(jsonOf(response)?.examples ?? {}).map(({ value }) => ({ status, value })),
    ),
  );
}

function anExample(document, status) {
  return examples(document).find((example) => example.status === status).value;
}

/** Answers what the examples of a kind have in `details`. */
function detailsOf(document, kind) {
  const keys = examples(document)
    .filter(({ value }) => value.error === kind.error && value.message === kind.message)
    .flatMap(({ value }) => Object.keys(value.details));
  return [...new Set(keys)].map(code).join(", ");
}
