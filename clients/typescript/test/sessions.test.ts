// Tokens when two users or two tabs share one store. The server is simulated, so that tests control when
// it responds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createDoorward, memoryStore, type Tokens, type TokenStore } from "doorward-client";

const ada: Tokens = { access_token: "ada.access", refresh_token: "ada.refresh" };
const adaLater: Tokens = { access_token: "ada.access2", refresh_token: "ada.refresh2" };
const bob: Tokens = { access_token: "bob.access", refresh_token: "bob.refresh" };
const bobsPassword = { username: "bob", password: "correct horse battery staple" };

type Answer = (request: Request) => Response | undefined | Promise<Response | undefined>;

/** A client of a server that signs Bob in, and otherwise returns the test's responses, or `{}`. */
function clientOf(tokens: TokenStore, answers: Record<string, Answer>) {
  /** The calls that the server received: the endpoint and the token. */
  const calls: string[] = [];
  const client = createDoorward({
    baseUrl: "http://doorward.test",
    tokens,
    fetch: async (request) => {
      const endpoint = request.url.split("/").at(-1) ?? "";
      calls.push(`${endpoint} ${request.headers.get("Authorization") ?? ""}`.trim());
      return (await answers[endpoint]?.(request)) ?? Response.json(endpoint === "login" ? bob : {});
    },
  });
  return { client, calls };
}

/** Returns a promise and a function that resolves it. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

const refused = () => Response.json({}, { status: 401 });

/** Rejects one token, once `when` has resolved. */
function refusing({ access_token }: Tokens, when?: Promise<void>): Answer {
  return async (request) => {
    if (request.headers.get("Authorization") !== `Bearer ${access_token}`) return undefined;
    await when;
    return refused();
  };
}

const late = {
  "switch-org": [Response.json({ access_token: "ada.elsewhere" }), { org_id: "elsewhere" }],
  logout: [Response.json(null), undefined],
  refresh: [Response.json(adaLater), { refresh_token: ada.refresh_token }],
} as const;

for (const endpoint of ["switch-org", "logout", "refresh"] as const) {
  test(`late response to ${endpoint} of the previous user changes nothing`, async () => {
    const { open, opened } = gate();
    const [response, body] = late[endpoint];
    const store = memoryStore(ada);
    const { client } = clientOf(store, { [endpoint]: () => opened.then(() => response) });
    const answered = client.request("post", `/v1/auth/${endpoint}`, { body } as never);
    await client.POST("/v1/auth/login", { body: bobsPassword });
    open();
    await answered;
    assert.deepEqual(await store.get(), bob);
  });
}

for (const [when, waits] of [["before", [0, 20]], ["after", [20, 0]]] as const) {
  /** A store whose writes are visible some time before, or only when, `set` resolves. */
  const slowStore = (tokens: Tokens): TokenStore => {
    const store = memoryStore(tokens);
    return {
      get: async () => store.get(),
      set: async (next) => {
        await pause(waits[0]);
        await store.set(next);
        await pause(waits[1]);
      },
    };
  };

  test(`store with writes visible ${when} they complete: no call is repeated as the next user`, async () => {
    const { open, opened } = gate();
    const { client, calls } = clientOf(slowStore(ada), {
      profile: refusing(ada, opened),
      refresh: () => Response.json(adaLater),
    });
    const call = client.PUT("/v1/auth/me/profile", { body: { bio: "Ada's" } });
    await pause(5);
    const signIn = client.POST("/v1/auth/login", { body: bobsPassword });
    await pause(5);
    open();
    await Promise.all([call, signIn]);
    assert.ok(!calls.includes("profile Bearer bob.access"), `${calls}`);
  });

  test(`store with writes visible ${when} they complete: no call is sent as the previous user`, async () => {
    const { open, opened } = gate();
    const store = slowStore(ada);
    const { client, calls } = clientOf(store, {
      me: refusing(ada, opened),
      refresh: () => Response.json(adaLater),
    });
    const signIn = client.POST("/v1/auth/login", { body: bobsPassword });
    await pause(5);
    const call = client.GET("/v1/auth/me");
    await signIn;
    open();
    await call;
    assert.deepEqual(calls, ["login", "me Bearer bob.access"]);
    assert.deepEqual(await store.get(), bob);
  });

  test(`store with writes visible ${when} they complete: no refresh replaces the next user's tokens`, async () => {
    const { open, opened } = gate();
    const store = slowStore(ada);
    const { client } = clientOf(store, {
      me: refusing(ada),
      refresh: () => opened.then(() => Response.json(adaLater)),
    });
    const call = client.GET("/v1/auth/me");
    await pause(5);
    const signIn = client.POST("/v1/auth/login", { body: bobsPassword });
    await pause(5);
    open();
    await Promise.all([call, signIn]);
    assert.deepEqual(await store.get(), bob);
  });
}

test("hanging refresh blocks only its own session", async () => {
  const bobLater = { access_token: "bob.access2", refresh_token: "bob.refresh2" };
  const { client } = clientOf(memoryStore(ada), {
    me: async (request) => (await refusing(ada)(request)) ?? refusing(bob)(request),
    refresh: async (request) =>
      (await request.json()).refresh_token === ada.refresh_token
        ? new Promise(() => {})
        : Response.json(bobLater),
  });
  void client.GET("/v1/auth/me");
  await pause(5);
  await client.POST("/v1/auth/login", { body: bobsPassword });
  assert.equal((await client.GET("/v1/auth/me")).response.status, 200);
});

test("call rejected late is repeated with the token that another tab got", async () => {
  const store = memoryStore(ada);
  const { open, opened } = gate();
  const here = clientOf(store, { me: refusing(ada, opened) });
  const there = clientOf(store, { me: refusing(ada), refresh: () => Response.json(adaLater) });
  const call = here.client.GET("/v1/auth/me");
  await there.client.GET("/v1/auth/me");
  open();
  assert.equal((await call).response.status, 200);
  assert.deepEqual(here.calls, ["me Bearer ada.access", "me Bearer ada.access2"]);
});

test("call rejected late is not repeated as the user who signed in in another tab", async () => {
  const store = memoryStore(ada);
  const { open, opened } = gate();
  const here = clientOf(store, { me: refusing(ada, opened) });
  const there = clientOf(store, {});
  const call = here.client.GET("/v1/auth/me");
  await there.client.POST("/v1/auth/login", { body: bobsPassword });
  open();
  assert.equal((await call).response.status, 401);
  assert.deepEqual(here.calls, ["me Bearer ada.access"]);
});

for (const first of ["refresh", "switch-org"]) {
  test(`concurrent refresh and organization switch both apply if ${first} completes first`, async () => {
    const [refresh, change] = [gate(), gate()];
    const store = memoryStore(ada);
    const { client } = clientOf(store, {
      me: refusing(ada),
      refresh: () => refresh.opened.then(() => Response.json(adaLater)),
      "switch-org": () => change.opened.then(() => Response.json({ access_token: "ada.elsewhere" })),
    });
    const calls = [
      client.GET("/v1/auth/me"),
      client.POST("/v1/auth/switch-org", { body: { org_id: "elsewhere" } }),
    ];
    await pause(5);
    for (const next of first === "refresh" ? [refresh, change] : [change, refresh]) {
      next.open();
      await pause(5);
    }
    await Promise.all(calls);
    const { access_token, refresh_token } = (await store.get()) ?? {};
    assert.deepEqual([access_token, refresh_token], ["ada.elsewhere", adaLater.refresh_token]);
  });
}

test("manually refreshed session continues", async () => {
  const { open, opened } = gate();
  const store = memoryStore(ada);
  const { client } = clientOf(store, {
    me: refusing(ada, opened),
    refresh: () => Response.json(adaLater),
  });
  const call = client.GET("/v1/auth/me");
  await client.POST("/v1/auth/refresh", { body: { refresh_token: ada.refresh_token } });
  open();
  assert.equal((await call).response.status, 200);
  assert.equal((await store.get())?.access_token, adaLater.access_token);
});

test("refresh with another refresh token signs in with it", async () => {
  const store = memoryStore(ada);
  const { client } = clientOf(store, { refresh: () => Response.json(bob) });
  await client.POST("/v1/auth/refresh", { body: { refresh_token: "bob.before" } });
  assert.deepEqual(await store.get(), bob);
});

const withoutTokens = ["{}", "null", '{"access_token":""}', '{"access_token":"","refresh_token":""}', "<p>Hello"];
for (const answer of withoutTokens) {
  test(`response without tokens does not replace valid tokens: ${answer}`, async () => {
    const store = memoryStore(ada);
    const strange = () => new Response(answer);
    const { client } = clientOf(store, {
      me: refusing(ada),
      login: strange,
      refresh: strange,
      "switch-org": strange,
    });
    const ignored = () => {};
    await client.POST("/v1/auth/login", { body: bobsPassword }).catch(ignored);
    await client.POST("/v1/auth/refresh", { body: { refresh_token: ada.refresh_token } }).catch(ignored);
    await client.POST("/v1/auth/switch-org", { body: { org_id: "elsewhere" } }).catch(ignored);
    assert.equal((await client.GET("/v1/auth/me")).response.status, 401);
    assert.deepEqual(await store.get(), ada);
  });
}

test("aborted call stops waiting for a refresh and other calls do not", async () => {
  const { open, opened } = gate();
  const { client } = clientOf(memoryStore(ada), {
    me: refusing(ada),
    refresh: () => opened.then(() => Response.json(adaLater)),
  });
  const patient = client.GET("/v1/auth/me");
  const impatient = new AbortController();
  const call = client.GET("/v1/auth/me", { signal: impatient.signal });
  await pause(5);
  impatient.abort();
  const ended = await Promise.race([call.catch((error) => error.name), pause(1000)]);
  assert.equal(ended, "AbortError");
  open();
  assert.equal((await patient).response.status, 200);
});

test("refresh that times out keeps the tokens", async (t) => {
  const deadline = new AbortController();
  const timeout = t.mock.method(AbortSignal, "timeout", () => deadline.signal);
  const store = memoryStore(ada);
  let asked: Request | undefined;
  const { client } = clientOf(store, {
    me: refusing(ada),
    refresh: (request) => {
      asked = request;
      return new Promise(() => {});
    },
  });
  const call = client.GET("/v1/auth/me");
  await pause(5);
  assert.deepEqual(timeout.mock.calls.map((each) => each.arguments), [[30_000]]);
  deadline.abort();
  assert.equal((await call).response.status, 401);
  assert.ok(asked?.signal.aborted);
  assert.deepEqual(await store.get(), ada);
});

test("unread rejected response is canceled and a returned one is not", async () => {
  let cancelled = 0;
  const body = () => new ReadableStream({ cancel: () => void (cancelled += 1) });
  let fresh: Tokens | undefined;
  const { client } = clientOf(memoryStore(ada), {
    me: (request) =>
      request.headers.get("Authorization") === `Bearer ${ada.access_token}`
        ? new Response(body(), { status: 401 })
        : undefined,
    refresh: () => (fresh ? Response.json(fresh) : new Response(null, { status: 503 })),
  });
  // The body never ends.
  void client.GET("/v1/auth/me");
  await pause(5);
  assert.equal(cancelled, 0);
  fresh = adaLater;
  assert.equal((await client.GET("/v1/auth/me")).response.status, 200);
  assert.equal(cancelled, 1);
});
