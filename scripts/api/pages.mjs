// docs/api: an index, and a page for each group of endpoints.
import { baseUrl } from "./curl.mjs";
import { endpoints, limit } from "./document.mjs";
import { endpointSection, who } from "./endpoint.mjs";
import { anchor, code, fence, paragraphs, table } from "./markdown.mjs";

const fileOf = (tag) => `${anchor(tag.name)}.md`;

export function indexPage(document) {
  return paragraphs(
    "# The v1 API",
    document.info.description,
    `The same as a description for programs: [openapi.json](../openapi.json), OpenAPI ${document.openapi}. For TypeScript
there is a [client](../../clients/typescript/README.md). [Tokens](../tokens.md) has what to know of access tokens and
sessions, [errors](../errors.md) every code and what to do.`,
    "## Endpoints",
    "*Bearer* is whoever sends an access token. The limit counts requests a minute from one address; what it is counted\ntogether with, and the option that changes it, is said with the status 429 of each.",
    document.tags.map((tag) => [
      `**[${tag.name}](${fileOf(tag)}).** ${tag.description}`,
      table(
        ["endpoint", "what", "who", "limit"],
        endpoints(document, tag.name).map((endpoint) => [
          code(`${endpoint.method} ${endpoint.path}`),
          `[${endpoint.summary}](${fileOf(tag)}#${anchor(endpoint.summary)})`,
          who(endpoint),
          limit(endpoint) ?? "",
        ]),
      ),
    ]).flat(),
    variables,
  );
}

// The test runs these blocks as they are, so what they set is what the lines of the pages need.
const variables = `## Trying it
The pages have a line for curl (7.82 or newer, for \`--json\`) for each endpoint. They ask a server on this machine, and take
what is yours from variables. After [Make an account and sign in](sign-in.md#make-an-account-and-sign-in):

${fence("sh", `SIGNED_IN=$(curl --silent ${baseUrl}/v1/auth/login \\
  --json '{"username": "ada", "password": "correct horse battery staple"}')
field() { sed "s/.*\\"$1\\":\\"\\([^\\"]*\\).*/\\1/"; }
ACCESS_TOKEN=$(echo "$SIGNED_IN" | field access_token)
REFRESH_TOKEN=$(echo "$SIGNED_IN" | field refresh_token)
ORG_ID=$(echo "$SIGNED_IN" | field default_workspace_id)
# The oldest of the sessions.
SESSION_ID=$(curl --silent ${baseUrl}/v1/auth/sessions --header "Authorization: Bearer $ACCESS_TOKEN" | field session_id)`)}

Mails are files unless configured otherwise, and the newest comes last:

${fence("sh", `mailed() { cat doorward-data/mail/*.eml | grep --only-matching "$1_[A-Za-z0-9_-]*" | tail -n 1; }
VERIFY_TOKEN=$(mailed dwv)
RESET_TOKEN=$(mailed dwp)
INVITE_TOKEN=$(mailed dwi)`)}

After [Make an organization](organizations.md#make-an-organization), the newest is yours to invite into:

${fence("sh", `newest() { grep --only-matching "\\"$1\\":\\"[^\\"]*" | head -n 1 | cut -d '"' -f 4; }
ORG_ID=$(curl --silent ${baseUrl}/v1/orgs --header "Authorization: Bearer $ACCESS_TOKEN" | newest org_id)`)}

After [Invite somebody](organizations.md#invite-somebody), there is an invite, and somebody may register with it:

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
    `${tag.description} Back to [all endpoints](README.md); [errors](../errors.md) has what to do about each.`,
    endpoints(document, tag.name).map((endpoint) => endpointSection(endpoint, types)),
  );
}

export function tagPages(document, types) {
  return document.tags.map((tag) => [fileOf(tag), tagPage(document, tag, types)]);
}
