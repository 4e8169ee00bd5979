import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { createDoorward, memoryStore, type ErrorResponse, type Profile } from "doorward-client";
import { newcomer, signedUp } from "./people.js";
import { startServer } from "./server.mjs";

let server: Awaited<ReturnType<typeof startServer>>;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

test("registration signs the user in", async () => {
  const { client, store, user } = await signedUp(server.url);
  assert.ok(await store.get());
  const me = await client.GET("/v1/auth/me");
  assert.deepEqual(me.data, user);
});

test("login signs the user in", async () => {
  const { person } = await signedUp(server.url);
  const client = createDoorward({ baseUrl: server.url });
  await client.POST("/v1/auth/login", { body: person });
  const me = await client.GET("/v1/auth/me");
  assert.equal(me.data?.username, person.username);
});

test("base URL may end with a slash", async () => {
  const { client } = await signedUp(`${server.url}/`);
  assert.equal((await client.GET("/v1/auth/me")).response.status, 200);
});

test("profile update changes the given fields and returns a typed profile", async () => {
  const { client } = await signedUp(server.url);
  const { data } = await client.PUT("/v1/auth/me/profile", {
    body: { bio: "Poetical science", locale: null, preferences: { theme: "dark", columns: [1, 2] } },
  });
  assert.ok(data);
  const profile: Profile = data;
  assert.equal(profile.bio, "Poetical science");
  assert.equal(profile.has_password, true);
  assert.deepEqual(profile.preferences, { theme: "dark", columns: [1, 2] });
});

test("calls that the API does not accept do not compile", async () => {
  const client = createDoorward({ baseUrl: server.url });
  // @ts-expect-error: the password is missing
  await client.POST("/v1/auth/login", { body: { username: "ada" } });
  // @ts-expect-error: there is no such path
  await client.GET("/v1/auth/nowhere");
  // @ts-expect-error: the parameter is missing
  await client.GET("/v1/auth/invite-info");
});

test("invalid request returns all validation errors", async () => {
  const client = createDoorward({ baseUrl: server.url });
  const { data, error, response } = await client.POST("/v1/auth/register", {
    body: { email: "ada", username: "a", password: "correct horse battery staple" },
  });
  assert.equal(response.status, 422);
  assert.equal(data, undefined);
  assert.ok(error && "detail" in error);
  const found: [string, string | number | undefined][] = error.detail.map(({ type, loc }) => [type, loc[1]]);
  assert.deepEqual(found, [["value_error", "email"], ["string_too_short", "username"]]);
});

test("every other error has a code", async () => {
  const client = createDoorward({ baseUrl: server.url });
  const { error, response } = await client.GET("/v1/auth/me");
  assert.equal(response.status, 401);
  assert.ok(error && "error" in error);
  const code: ErrorResponse["error"] = error.error;
  assert.equal(code, "AUTHENTICATION_FAILED");
});

test("wrong password returns an error and does not refresh", async () => {
  const { client, person, store } = await signedUp(server.url);
  const before = await store.get();
  const body = { username: person.username, password: "wrong" };
  assert.equal((await client.POST("/v1/auth/login", { body })).response.status, 401);
  assert.deepEqual(await store.get(), before);
});

test("logout ends the session and deletes the tokens", async () => {
  const { client, store } = await signedUp(server.url);
  const refresh_token = (await store.get())?.refresh_token ?? "";
  assert.equal((await client.POST("/v1/auth/logout")).response.status, 200);
  assert.equal(await store.get(), undefined);
  const { response } = await client.POST("/v1/auth/refresh", { body: { refresh_token } });
  assert.equal(response.status, 401);
});

test("switching organizations changes the access token and keeps the refresh token", async () => {
  const { client, store, user } = await signedUp(server.url);
  const before = await store.get();
  const { data } = await client.POST("/v1/auth/switch-org", {
    body: { org_id: user.default_workspace_id ?? "" },
  });
  assert.equal(data?.org_id, user.default_workspace_id);
  const now = await store.get();
  assert.equal(now?.access_token, data?.access_token);
  assert.notEqual(now?.access_token, before?.access_token);
  assert.equal(now?.refresh_token, before?.refresh_token);
});

test("two clients in one program have separate sessions", async () => {
  const [one, other] = [await signedUp(server.url), await signedUp(server.url)];
  const me = await one.client.GET("/v1/auth/me");
  assert.equal(me.data?.user_id, one.user.user_id);
  assert.notEqual(one.user.user_id, other.user.user_id);
});

test("token sent by the caller is not replaced", async () => {
  const { client, store } = await signedUp(server.url);
  const before = await store.get();
  const headers = { Authorization: "Bearer spoiled" };
  assert.equal((await client.GET("/v1/auth/me", { headers })).response.status, 401);
  assert.deepEqual(await store.get(), before);
});

test("access token is sent only to endpoints that require it", async () => {
  const file = new URL("../../../docs/reference/openapi.json", import.meta.url);
  const { paths } = JSON.parse(await readFile(file, "utf8"));
  let sent: string | null = null;
  const client = createDoorward({
    baseUrl: server.url,
    tokens: memoryStore({ access_token: "access", refresh_token: "refresh" }),
    fetch: async (request) => {
      sent = request.headers.get("Authorization");
      return Response.json(null, { status: 503 });
    },
  });
  for (const [path, methods] of Object.entries<object>(paths)) {
    for (const [method, { security }] of Object.entries(methods)) {
      await client.request(method as "get", path as "/readyz");
      assert.equal(sent, security.length > 0 ? "Bearer access" : null, `${method} ${path}`);
    }
  }
});

test("store may be asynchronous", async () => {
  let kept: string | undefined;
  const client = createDoorward({
    baseUrl: server.url,
    tokens: {
      get: async () => kept && JSON.parse(kept),
      set: async (tokens) => {
        kept = tokens && JSON.stringify(tokens);
      },
    },
  });
  await client.POST("/v1/auth/register", { body: newcomer() });
  assert.equal((await client.GET("/v1/auth/me")).response.status, 200);
  await client.POST("/v1/auth/logout");
  assert.equal(kept, undefined);
});
