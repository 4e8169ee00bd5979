// The curl command that calls an endpoint.
import { jsonOf, needsBearer } from "./document.mjs";
import { onOneLine, pretty } from "./markdown.mjs";

export const baseUrl = "http://127.0.0.1:8080";

// Tokens and IDs of examples are replaced by variables, because the reader's are different.
const tokens = {
  dwr_: "$REFRESH_TOKEN",
  dwv_: "$VERIFY_TOKEN",
  dwp_: "$RESET_TOKEN",
  dwi_: "$INVITE_TOKEN",
};

function variable(name, value) {
  if (name.endsWith("_id")) return `$${name.toUpperCase()}`;
  return typeof value === "string" ? tokens[value.slice(0, 4)] : undefined;
}

export function curl(endpoint) {
  const parameters = (endpoint.parameters ?? []).filter((parameter) => parameter.required);
  const given = ({ name, example }) => variable(name, example) ?? encodeURIComponent(example);
  const query = parameters.filter((parameter) => parameter.in === "query");
  let url = baseUrl + endpoint.path;
  for (const each of parameters) url = url.replace(`{${each.name}}`, given(each));
  if (query.length > 0) url += `?${query.map((each) => `${each.name}=${given(each)}`).join("&")}`;
  const body = jsonOf(endpoint.requestBody)?.example;
  // Options that curl implies are omitted.
  const implied = body ? "POST" : "GET";
  const words = [
    endpoint.method === implied ? "curl" : `curl --request ${endpoint.method}`,
    /[$?&]/.test(url) ? `"${url}"` : url,
    needsBearer(endpoint) && '--header "Authorization: Bearer $ACCESS_TOKEN"',
    body && `--json ${quoted(body)}`,
  ].filter(Boolean);
  const line = words.join(" ");
  if (line.split("\n", 1)[0].length < 100) return line;
  return `${words[0]} ${words.slice(1).join(" \\\n  ")}`;
}

/** Writes JSON in single quotes, which are interrupted for variables. */
function quoted(body) {
  const marked = (name, value) => (variable(name, value) ? `\0${variable(name, value)}\0` : value);
  const text = Object.keys(body).length > 2 ? pretty(body, marked) : onOneLine(body, marked);
  return `'${text.replaceAll("'", "'\\''").replaceAll(/\\u0000(\$\w+)\\u0000/g, `'"$1"'`)}'`;
}
