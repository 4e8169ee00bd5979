// The part of a page that is about one endpoint.
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
    `**Answer** (200): ${success.description}`,
    json(example),
    type && details("Its type", fence("ts", type)),
    errors(endpoint),
  );
}

export function who(endpoint) {
  return needsBearer(endpoint) ? "bearer" : "anybody";
}

function limits(endpoint) {
  return limit(endpoint) && `${limit(endpoint)} a minute`;
}

function parameters(endpoint) {
  const bearer = ["`Authorization`", "header", "`Bearer` and the access token."];
  const rows = (endpoint.parameters ?? []).map(({ name, in: where, required, description, schema }) => [
    code(name),
    required ? where : `${where}, optional`,
    `${description} ${rules(schema)}`.trim(),
  ]);
  if (needsBearer(endpoint)) rows.unshift(bearer);
  return rows.length > 0 && table(["parameter", "where", "what"], rows);
}

function errors(endpoint) {
  const { answered, reserved } = failures(endpoint);
  const cases = answered.flatMap(([status, response]) =>
    Object.entries(examples(response)).map(([name, { summary, value }]) => ({
      status,
      name,
      when: summary,
      value,
      headers: Object.keys(response.headers).filter((header) => header !== "X-Request-Id"),
    })),
  );
  return [
    cases.length > 0 && "**Errors**",
    cases.length > 0 &&
      table(
        ["status", "code", "when"],
        // The field is told beside the code.
        cases.map((each) => [each.status, told(each), each.when.replace(/^`\w+`: /, "")]),
      ),
    cases.length > 0 && details(cases.length > 1 ? `The ${cases.length} bodies` : "The body", bodies(cases)),
    reserved.length > 0 &&
      `The v1 API lists ${list(reserved)} here, too. This server does not answer ${reserved.length > 1 ? "them" : "it"}.`,
  ];
}

function examples(response) {
  const { examples, example } = jsonOf(response);
  return examples ?? { example: { summary: response.description, value: example } };
}

/** What a program tells this failure by. */
function told({ name, value }) {
  if (value.detail) {
    const [field, type = field] = name.split(".");
    if (field !== type) return `${code(type)} at ${code(field)}`;
    return value.detail.some((error) => error.type === name) ? code(name) : "any [type](../errors.md#validation)";
  }
  const detail = value.details?.reason ?? value.details?.required_permission;
  return [value.error ?? value.status, detail].filter(Boolean).map(code).join(" ");
}

function bodies(cases) {
  return paragraphs(
    cases.map(({ status, when, headers, value }) => [
      `**${status}**${headers.length > 0 ? ` with ${list(headers.map(code))}` : ""}: ${when}`,
      json(value),
    ]).flat(),
  );
}

function list(words) {
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words[0];
}
