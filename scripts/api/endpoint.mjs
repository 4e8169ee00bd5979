// The section of one endpoint on a page.
import { curl } from "./curl.mjs";
import { failures, jsonOf, limit, needsBearer } from "./document.mjs";
import { code, details, fence, json, paragraphs, table } from "./markdown.mjs";
import { rules } from "./rules.mjs";

export function endpointSection(endpoint, types) {
  const success = endpoint.responses["200"];
  const { schema, example } = jsonOf(success);
  const request = jsonOf(endpoint.requestBody);
  const type = types(schema);
  return paragraphs(
    `## ${endpoint.summary}`,
    [code(`${endpoint.method} ${endpoint.path}`), who(endpoint), limits(endpoint)].filter(Boolean).join(" · "),
    endpoint.description,
    fence("sh", curl(endpoint)),
    parameters(endpoint),
    request && ["**Body**", fence("ts", types(request.schema))],
    `**Response** (200): ${success.description}`,
    json(example),
    type && details("Type", fence("ts", type)),
    errors(endpoint),
  );
}

export function who(endpoint) {
  return needsBearer(endpoint) ? "access token" : "public";
}

function limits(endpoint) {
  return limit(endpoint) && `${limit(endpoint)} per minute`;
}

function parameters(endpoint) {
  const bearer = ["`Authorization`", "header", "`Bearer`, followed by the access token."];
  const rows = (endpoint.parameters ?? []).map(({ name, in: where, required, description, schema }) => [
    code(name),
    required ? where : `${where}, optional`,
    `${description} ${rules(schema)}`.trim(),
  ]);
  if (needsBearer(endpoint)) rows.unshift(bearer);
  return rows.length > 0 && table(["parameter", "in", "description"], rows);
}

function errors(endpoint) {
  const { returned, reserved } = failures(endpoint);
  const cases = returned.flatMap(([status, response]) =>
    Object.entries(examples(response)).map(([name, { summary, value }]) => ({ status, name, when: summary, value })),
  );
  const own = cases.filter(hasOwnBody);
  return [
    cases.length > 0 && "**Errors**",
    cases.length > 0 &&
      table(
        ["status", "code", "when"],
        // The field is shown beside the code.
        cases.map((each) => [each.status, identity(each), each.when.replace(/^`\w+`: /, "")]),
      ),
    own.length > 0 && details(own.length > 1 ? "Error bodies" : "Error body", bodies(own)),
    reserved.length > 0 &&
      `The v1 API also reserves ${list(reserved)}. This server does not return ${reserved.length > 1 ? "them" : "it"}.`,
  ];
}

/** Returns `true` unless the body is the standard envelope, or the same at every endpoint: errors.md shows these. */
function hasOwnBody({ name, value }) {
  return !value.error && name !== "json_invalid";
}

function examples(response) {
  const { examples, example } = jsonOf(response);
  return examples ?? { example: { summary: response.description, value: example } };
}

/** Returns the values by which a program identifies an error, with links to the page of errors. */
function identity({ name, value }) {
  if (value.detail) {
    const [field, type = field] = name.split(".");
    if (field !== type) return `${link(type, "validation")} at ${code(field)}`;
    const isType = value.detail.some((error) => error.type === name);
    return isType ? link(name, "validation") : "any [type](../errors.md#validation)";
  }
  if (!value.error) return code(value.status);
  const { reason, required_permission: permission } = value.details;
  return [
    link(value.error, "codes"),
    reason && link(reason, "reasons"),
    permission && link(permission, "permissions"),
  ]
    .filter(Boolean)
    .join(" ");
}

function link(name, section) {
  return `[${code(name)}](../errors.md#${section})`;
}

function bodies(cases) {
  return paragraphs(
    cases.map(({ status, when, value }) => [`**${status}**: ${when}`, json(value)]).flat(),
  );
}

function list(words) {
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words[0];
}
