// docs/reference/api: an index, and one page per group of endpoints.
import { baseUrl } from "./curl.mjs";
import { endpoints, limit } from "./document.mjs";
import { endpointSection, who } from "./endpoint.mjs";
import { anchor, code, fence, paragraphs, table } from "./markdown.mjs";

const fileOf = (tag) => `${anchor(tag.name)}.md`;

export function indexPage(document) {
  return paragraphs(
    "# API reference",
    document.info.description,
    `See also:

- [openapi.json](../openapi.json): the machine-readable description (OpenAPI ${document.openapi})
- [TypeScript client](../../../clients/typescript/README.md)
- [Tokens and sessions](../../concepts/tokens.md): how access tokens and refresh tokens work
- [Errors](../errors.md): every error code, its body, and what to do`,
    "## Endpoints",
    `Public endpoints require no access token. The limit is the number of requests per minute and IP
address. The 429 response of each endpoint says which requests are counted together, and which option changes the limit.`,
    document.tags.map((tag) => [
      `**[${tag.name}](${fileOf(tag)}).** ${tag.description}`,
      table(
        ["endpoint", "description", "access", "limit"],
        endpoints(document, tag.name).map((endpoint) => [
          code(`${endpoint.method} ${endpoint.path}`),
          `[${endpoint.summary}](${fileOf(tag)}#${anchor(endpoint.summary)})`,
          who(endpoint),
          limit(endpoint) ?? "",
        ]),
      ),
    ]).flat(),
    variables(document),
  );
}

/** Returns a link to the section of an endpoint. */
function linkTo(document, method, path) {
  const endpoint = endpoints(document).find((each) => each.method === method && each.path === path);
  const tag = document.tags.find((each) => endpoint.tags.includes(each.name));
  return `[${endpoint.summary}](${fileOf(tag)}#${anchor(endpoint.summary)})`;
}

// A test runs these blocks unchanged, and uses their variables for the commands of the pages.
const variables = (document) => `## Try it
Each endpoint has a curl command (7.82 or newer, for \`--json\`), which calls a server on this machine and takes tokens and
IDs from variables. Set them after ${linkTo(document, "POST", "/v1/auth/register")}:

${fence("sh", `SIGNED_IN=$(curl --silent ${baseUrl}/v1/auth/login \\
  --json '{"username": "ada", "password": "correct horse battery staple"}')
field() { sed "s/.*\\"$1\\":\\"\\([^\\"]*\\).*/\\1/"; }
ACCESS_TOKEN=$(echo "$SIGNED_IN" | field access_token)
REFRESH_TOKEN=$(echo "$SIGNED_IN" | field refresh_token)
ORG_ID=$(echo "$SIGNED_IN" | field default_workspace_id)
# The oldest of the sessions.
SESSION_ID=$(curl --silent ${baseUrl}/v1/auth/sessions --header "Authorization: Bearer $ACCESS_TOKEN" | field session_id)`)}

By default, emails are written to files. The newest is the last one:

${fence("sh", `mailed() { cat doorward-data/mail/*.eml | grep --only-matching "$1_[A-Za-z0-9_-]*" | tail -n 1; }
VERIFY_TOKEN=$(mailed dwv)
RESET_TOKEN=$(mailed dwp)
INVITE_TOKEN=$(mailed dwi)`)}

After ${linkTo(document, "POST", "/v1/orgs")}, use the newest organization:

${fence("sh", `newest() { grep --only-matching "\\"$1\\":\\"[^\\"]*" | head -n 1 | cut -d '"' -f 4; }
ORG_ID=$(curl --silent ${baseUrl}/v1/orgs --header "Authorization: Bearer $ACCESS_TOKEN" | newest org_id)`)}

After ${linkTo(document, "POST", "/v1/orgs/{org_id}/invites")}, use the invite, and register a user with it:

${fence("sh", `INVITE_ID=$(curl --silent ${baseUrl}/v1/orgs/$ORG_ID/invites --header "Authorization: Bearer $ACCESS_TOKEN" | newest invite_id)`)}

${fence("sh", `USER_ID=$(curl --silent ${baseUrl}/v1/auth/register --json '{
  "email": "grace@example.com",
  "username": "grace",
  "password": "correct horse battery staple",
  "invite_token": "'"$(mailed dwi)"'"
}' | newest user_id)`)}`;

export function tagPage(document, tag, types) {
  return paragraphs(
    `# ${tag.name}`,
    `${tag.description} See also [all endpoints](README.md), and [errors](../errors.md) for how to handle them.`,
    endpoints(document, tag.name).map((endpoint) => endpointSection(endpoint, types)),
  );
}

export function tagPages(document, types) {
  return document.tags.map((tag) => [fileOf(tag), tagPage(document, tag, types)]);
}
