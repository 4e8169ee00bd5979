// Runs every shell command of docs/reference/api with a real server, and compares the responses with those
// on the pages.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { startServer } from "../../../clients/typescript/test/server.mjs";
import { baseUrl } from "../curl.mjs";
import { endpoints, readDocument, root } from "../document.mjs";

const pages = join(root, "docs/reference/api");
const [signIn, readMail, pickOrg, pickInvite, register] = blocks("sh", await readFile(`${pages}/README.md`, "utf8"));
const sections = await readSections();

// An order in which every step's requirements are met.
const steps = [
  "GET /healthz",
  "GET /readyz",
  "GET /.well-known/jwks.json",
  "GET /v1/auth/config",
  "POST /v1/auth/register",
  "POST /v1/auth/login",
  () => setVariables(signIn),
  "PUT /v1/auth/me/email",
  () => server.mailedToken("dwv"),
  () => setVariables(readMail),
  "POST /v1/auth/verify-email",
  "POST /v1/auth/resend-verification",
  "GET /v1/auth/me",
  "GET /v1/auth/me/profile",
  "PUT /v1/auth/me/profile",
  "POST /v1/auth/switch-org",
  "POST /v1/orgs",
  "GET /v1/orgs",
  () => setVariables(pickOrg),
  "GET /v1/orgs/{org_id}",
  "PATCH /v1/orgs/{org_id}",
  "POST /v1/orgs/{org_id}/invites",
  () => setVariables(`${pickOrg}\n${pickInvite}`),
  "GET /v1/orgs/{org_id}/invites",
  "POST /v1/orgs/{org_id}/invites/{invite_id}/resend",
  "DELETE /v1/orgs/{org_id}/invites/{invite_id}",
  () => run("POST /v1/orgs/{org_id}/invites"),
  () => joined(),
  "GET /v1/auth/invite-info",
  "GET /v1/orgs/{org_id}/members",
  "PATCH /v1/orgs/{org_id}/members/{user_id}",
  "DELETE /v1/orgs/{org_id}/members/{user_id}",
  "DELETE /v1/orgs/{org_id}",
  () => invited(),
  "POST /v1/auth/accept-invite",
  "POST /v1/auth/refresh",
  "GET /v1/auth/sessions",
  "GET /v1/auth/events",
  "DELETE /v1/auth/sessions/{session_id}",
  "DELETE /v1/auth/sessions",
  "PUT /v1/auth/me/password",
  "POST /v1/auth/logout",
  "POST /v1/auth/forgot-password",
  () => server.mailedToken("dwp"),
  () => setVariables(readMail),
  "POST /v1/auth/reset-password",
];

let server;
let variables = {};
before(async () => {
  server = await startServer();
});
after(() => server.stop());

test("every endpoint has a page and a step", async () => {
  const all = endpoints(await readDocument()).map(({ method, path }) => `${method} ${path}`).sort();
  assert.deepEqual([...sections.keys()].sort(), all);
  assert.deepEqual(steps.filter((step) => typeof step === "string").sort(), all);
});

let prepare = [];
for (const step of steps) {
  if (typeof step === "function") {
    prepare.push(step);
    continue;
  }
  const preparations = prepare;
  prepare = [];
  test(`${step} returns the response on its page`, async () => {
    for (const preparation of preparations) await preparation();
    const found = JSON.parse(await run(step));
    assert.deepEqual(shape(found), shape(sections.get(step).response));
  });
}

/** Runs an endpoint's command. */
function run(endpoint) {
  return shell(sections.get(endpoint).command);
}

/** Registers the invited user with the newest invite, which the worker may not have sent yet. */
async function joined() {
  await until(async () => {
    await setVariables(`${readMail}\n${pickOrg}\n${register}`);
    return variables.USER_ID;
  });
  // The email may have arrived between reading the mailbox above and the registration.
  await setVariables(readMail);
}

/** Creates an organization of the invited user, and invites Ada into it. */
async function invited() {
  const call = async (path, body, token) => {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    assert.equal(response.status, 200);
    return response.json();
  };
  const password = "correct horse battery staple";
  const { access_token: token } = await call("/v1/auth/login", { username: "grace", password });
  const { org_id: id } = await call("/v1/orgs", { name: "Compilers" }, token);
  const before = variables.INVITE_TOKEN;
  await call(`/v1/orgs/${id}/invites`, { email: "ada@example.com", role: "member" }, token);
  await until(async () => {
    await setVariables(readMail);
    return variables.INVITE_TOKEN !== before;
  });
}

async function until(ask) {
  const deadline = Date.now() + 20_000;
  while (!(await ask().catch(() => false))) {
    assert(Date.now() < deadline, "timed out");
    await pause(50);
  }
}

/** Runs a block of a page with this server's URL and folder. */
async function shell(block) {
  const script = [
    "curl() { command curl --silent --show-error --fail-with-body \"$@\"; }",
    block.replaceAll(baseUrl, server.url).replaceAll("doorward-data", server.folder),
  ].join("\n");
  const { stdout } = await promisify(execFile)("bash", ["--norc", "-c", script], {
    env: { PATH: process.env.PATH, ...variables },
  });
  return stdout;
}

/** Runs a block, and stores the variables that it sets. */
async function setVariables(block) {
  const names = block.match(/^[A-Z_]+(?==)/gm);
  const values = await shell(`${block}\nprintf '%s\\0' ${names.map((name) => `"$${name}"`).join(" ")}`);
  values.split("\0").slice(0, -1).forEach((value, i) => {
    variables[names[i]] = value;
  });
}

/** Returns the structure of a response: its keys without values. */
function shape(value, key) {
  // Users can store any keys in these.
  if (key === "preferences" || key === "settings") return {};
  if (Array.isArray(value)) return value.slice(0, 1).map((item) => shape(item));
  if (value === null || typeof value !== "object") return value === null && key === undefined ? null : "value";
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shape(part, name)]));
}

async function readSections() {
  const found = new Map();
  for (const page of await readdir(pages)) {
    if (page === "README.md") continue;
    const text = await readFile(`${pages}/${page}`, "utf8");
    for (const section of text.split(/^## /m).slice(1)) {
      const [, endpoint] = section.match(/^`([A-Z]+ \/\S+)`/m);
      const [command] = blocks("sh", section);
      const [response] = blocks("json", section);
      found.set(endpoint, { command, response: JSON.parse(response) });
    }
  }
  return found;
}

function blocks(language, text) {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)\\n\`\`\`$`, "gms"))].map(([, block]) => block);
}
