// A front end on another origin that uses the TypeScript client.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startServer } from "../../clients/typescript/test/server.mjs";
import { newcomer } from "./people.mjs";
import { arrive, startBrowser } from "./stage.mjs";

const client = new URL("../../clients/typescript/", import.meta.url);
const files = {
  "/doorward-client/": new URL("dist/", client),
  "/openapi-fetch/": new URL("node_modules/openapi-fetch/dist/", client),
};
const page = `<!doctype html><title>Front end</title><script type="importmap">${JSON.stringify({
  imports: { "doorward-client": "/doorward-client/index.js", "openapi-fetch": "/openapi-fetch/index.mjs" },
})}</script>`;

const frontEnd = createServer(async (request, response) => {
  const [prefix, folder] = Object.entries(files).find(([prefix]) => request.url.startsWith(prefix)) ?? [];
  if (!folder) return response.setHeader("content-type", "text/html").end(page);
  const file = fileURLToPath(new URL(request.url.slice(prefix.length), folder));
  response.setHeader("content-type", "text/javascript").end(await readFile(file));
});

let browser;
let origin;
before(async () => {
  frontEnd.listen(0, "127.0.0.1");
  await once(frontEnd, "listening");
  origin = `http://localhost:${frontEnd.address().port}`;
  browser = await startBrowser();
});
after(async () => {
  frontEnd.close();
  await browser?.close();
});

/** Opens the front end, with a server that allows its origin unless the settings override that. */
async function open(t, settings = {}) {
  const server = await startServer({ DOORWARD_CORS_ORIGINS: origin, ...settings });
  t.after(() => server.stop());
  const context = await arrive({ browser, url: origin });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto("/");
  await page.evaluate(async (baseUrl) => {
    const { createDoorward } = await import("doorward-client");
    let held;
    globalThis.tokens = { get: () => held, set: (next) => (held = next) };
    globalThis.refreshes = 0;
    globalThis.doorward = createDoorward({
      baseUrl,
      tokens: globalThis.tokens,
      fetch: (request) => {
        if (request.url.endsWith("/refresh")) globalThis.refreshes += 1;
        // Error trackers and tracing tools add such headers.
        request.headers.set("sentry-trace", "00-0-1");
        request.headers.set("X-Requested-With", "XMLHttpRequest");
        return fetch(request);
      },
    });
  }, server.url);
  return page;
}

/** Registers a user in the front end. */
async function register(page) {
  const person = newcomer("ann");
  const status = await page.evaluate(
    async (body) => (await doorward.POST("/v1/auth/register", { body })).response.status,
    person,
  );
  assert.equal(status, 200);
  return person;
}

test("front end on another origin refreshes a rejected access token and continues", async (t) => {
  const page = await open(t);
  const { username } = await register(page);
  const seen = await page.evaluate(async () => {
    // The server treats a forged token like an expired one: 401 invalid_token.
    const { access_token, ...rest } = tokens.get();
    tokens.set({ ...rest, access_token: `${access_token.slice(0, -8)}AAAAAAAA` });
    const answers = await Promise.all([1, 2, 3].map(() => doorward.GET("/v1/auth/me")));
    return { names: answers.map(({ data }) => data?.username), refreshes };
  });
  assert.deepEqual(seen, { names: [username, username, username], refreshes: 1 });
});

test("front end on another origin can read errors", async (t) => {
  const page = await open(t);
  const { username } = await register(page);
  const seen = await page.evaluate(async (username) => {
    const login = (body) => doorward.POST("/v1/auth/login", { body });
    const wrong = await login({ username, password: "not the right one" });
    const form = await doorward.POST("/v1/auth/register", { body: { email: "x", username: "", password: "" } });
    const nowhere = await doorward.GET("/v1/nowhere");
    return {
      wrong: [wrong.response.status, wrong.error.error, wrong.response.headers.get("www-authenticate")],
      form: [form.response.status, form.error.detail.map(({ loc }) => loc[1])],
      nowhere: [nowhere.response.status, nowhere.error.error],
      id: wrong.response.headers.get("x-request-id"),
    };
  }, username);
  assert.deepEqual(seen.wrong, [401, "AUTHENTICATION_FAILED", "Bearer"]);
  assert.deepEqual(seen.form, [422, ["email", "username", "password"]]);
  assert.deepEqual(seen.nowhere, [404, "NOT_FOUND"]);
  assert.ok(seen.id);
});

test("front end on another origin can read how long to wait", async (t) => {
  const page = await open(t, { DOORWARD_RATE_LIMITS_ENABLED: "true", DOORWARD_RATE_LIMITS_LOGIN_PER_MINUTE: "1" });
  const seen = await page.evaluate(async () => {
    const login = () => doorward.POST("/v1/auth/login", { body: { username: "ann", password: "wrong one" } });
    await login();
    const { response, error } = await login();
    return [response.status, response.headers.get("retry-after"), error.details.retry_after];
  });
  assert.deepEqual(seen, [429, "60", 60]);
});

test("front end on an origin that is not allowed can't read responses", async (t) => {
  const page = await open(t, { DOORWARD_CORS_ORIGINS: "https://app.example.com" });
  const outcome = page.evaluate(() =>
    doorward.GET("/v1/auth/config").then(({ response }) => response.status, (error) => error.message),
  );
  assert.equal(await outcome, "Failed to fetch");
});
