import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TokenStore } from "doorward-client";
import { signedUp } from "./people.js";
import { startServer } from "./server.mjs";

let server: Awaited<ReturnType<typeof startServer>>;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

/** Returns a fetch that counts refreshes, and lets a test respond to them instead of the server. */
function counting() {
  const seen = {
    refreshes: 0,
    answer: (request: Request): Promise<Response> => fetch(request),
    fetch: (request: Request): Promise<Response> => {
      if (!request.url.endsWith("/v1/auth/refresh")) return fetch(request);
      seen.refreshes += 1;
      return seen.answer(request);
    },
  };
  return seen;
}

/** Replaces the access token by one that the server rejects like an expired one. */
async function spoil(store: TokenStore) {
  const tokens = await store.get();
  assert.ok(tokens);
  const spoiled = { ...tokens, access_token: "spoiled" };
  await store.set(spoiled);
  return spoiled;
}

test("rejected access token is refreshed and the call repeated with its body", async () => {
  const seen = counting();
  const { client, store } = await signedUp(server.url, seen.fetch);
  const spoiled = await spoil(store);
  const { data } = await client.PUT("/v1/auth/me/profile", { body: { bio: "Poetical science" } });
  assert.equal(data?.bio, "Poetical science");
  assert.equal(seen.refreshes, 1);
  const now = await store.get();
  assert.notEqual(now?.access_token, spoiled.access_token);
  assert.notEqual(now?.refresh_token, spoiled.refresh_token);
});

test("concurrent calls share one refresh", async () => {
  const seen = counting();
  const { client, store } = await signedUp(server.url, seen.fetch);
  await spoil(store);
  const calls = Array.from({ length: 20 }, (_, i) =>
    i % 2 === 0
      ? client.GET("/v1/auth/me")
      : client.PUT("/v1/auth/me/profile", { body: { bio: `Note ${i}` } }),
  );
  const statuses = (await Promise.all(calls)).map(({ response }) => response.status);
  assert.deepEqual(statuses, Array(20).fill(200));
  assert.equal(seen.refreshes, 1);
});

test("call rejected after the refresh is repeated with the new token", async () => {
  const seen = counting();
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const { client, store } = await signedUp(server.url, async (request) => {
    const late = request.headers.get("X-Late") && request.headers.get("Authorization") === "Bearer spoiled";
    const response = await seen.fetch(request);
    if (late) await gate;
    return response;
  });
  await spoil(store);
  const late = client.GET("/v1/auth/me", { headers: { "X-Late": "1" } });
  assert.equal((await client.GET("/v1/auth/me")).response.status, 200);
  letGo();
  assert.equal((await late).response.status, 200);
  assert.equal(seen.refreshes, 1);
});

test("call of one user is not repeated as the next user", async () => {
  const other = await signedUp(server.url);
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  let calls = 0;
  const { client, store } = await signedUp(server.url, async (request) => {
    const response = await fetch(request);
    if (request.url.endsWith("/me/profile")) {
      calls += 1;
      await gate;
    }
    return response;
  });
  await spoil(store);
  const late = client.PUT("/v1/auth/me/profile", { body: { bio: "Mine" } });
  await client.POST("/v1/auth/login", { body: other.person });
  letGo();
  assert.equal((await late).response.status, 401);
  assert.equal(calls, 1);
});

test("call is repeated only once even if the new token is rejected", async () => {
  const seen = counting();
  let calls = 0;
  const { client, store } = await signedUp(server.url, (request) => {
    if (!request.url.endsWith("/me")) return seen.fetch(request);
    calls += 1;
    return Promise.resolve(Response.json({ error: "AUTHENTICATION_FAILED" }, { status: 401 }));
  });
  assert.equal((await client.GET("/v1/auth/me")).response.status, 401);
  assert.deepEqual([calls, seen.refreshes], [2, 1]);
  assert.ok(await store.get());
});

test("rejected refresh deletes the tokens and returns the first response", async () => {
  const seen = counting();
  const { client, store } = await signedUp(server.url, seen.fetch);
  await store.set({ access_token: "spoiled", refresh_token: "spoiled" });
  const { error, response } = await client.GET("/v1/auth/me");
  assert.equal(response.status, 401);
  assert.ok(response.url.endsWith("/me"));
  assert.ok(error && "error" in error && error.details.reason === undefined);
  assert.equal(await store.get(), undefined);
  assert.equal(seen.refreshes, 1);
});

for (const [what, answer] of [
  ["a network error", () => Promise.reject(new TypeError("fetch failed"))],
  ["an overloaded server", () => Promise.resolve(Response.json({}, { status: 503 }))],
  ["a rate limit", () => Promise.resolve(Response.json({}, { status: 429 }))],
  ["a page of a proxy", () => Promise.resolve(new Response("<p>Hello"))],
] satisfies [string, () => Promise<Response>][]) {
  test(`refresh that fails with ${what} keeps the tokens, and a later one succeeds`, async () => {
    const seen = counting();
    const { client, store } = await signedUp(server.url, seen.fetch);
    const spoiled = await spoil(store);

    const through = seen.answer;
    seen.answer = answer;
    const calls = await Promise.all([client.GET("/v1/auth/me"), client.GET("/v1/auth/me/profile")]);
    assert.deepEqual(calls.map(({ response }) => response.status), [401, 401]);
    assert.deepEqual(await store.get(), spoiled);

    seen.answer = through;
    assert.equal((await client.GET("/v1/auth/me")).response.status, 200);
  });
}

test("sign-out during a refresh stays effective", async () => {
  const seen = counting();
  const { client, store } = await signedUp(server.url, seen.fetch);
  await spoil(store);
  seen.answer = async (request) => {
    const response = await fetch(request);
    await store.set(undefined);
    return response;
  };
  assert.equal((await client.GET("/v1/auth/me")).response.status, 401);
  assert.equal(await store.get(), undefined);
});

test("two tabs that refresh concurrently both continue", async () => {
  const seen = counting();
  const { client, store } = await signedUp(server.url, seen.fetch);
  const spoiled = await spoil(store);
  // Another tab uses the refresh token before this tab's request arrives.
  seen.answer = async (request) => {
    const body = JSON.stringify({ refresh_token: spoiled.refresh_token });
    const headers = { "Content-Type": "application/json" };
    const faster = await fetch(`${server.url}/v1/auth/refresh`, { method: "POST", headers, body });
    assert.equal(faster.status, 200);
    return fetch(request);
  };
  assert.equal((await client.GET("/v1/auth/me")).response.status, 200);
});
