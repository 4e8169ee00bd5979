import createClient, { type Client } from "openapi-fetch";
import { ANONYMOUS_PATHS } from "./anonymous.js";
import type { paths } from "./schema.js";
import { memoryStore, type Tokens, type TokenStore } from "./store.js";

export { memoryStore, type Tokens, type TokenStore } from "./store.js";
export type * from "./types.js";

export type Doorward = Client<paths>;

export interface DoorwardOptions {
  /** Where the server is, such as `https://auth.example.com`. */
  baseUrl: string;
  /** Where the tokens are kept; in memory unless something else is given. */
  tokens?: TokenStore;
  /** What sends the requests; `fetch` of the platform unless something else is given. */
  fetch?: (request: Request) => Promise<Response>;
}

/**
 * A client of one server, for one person at a time. It keeps the tokens that sign-in answers, sends
 * the access token where one is needed, and refreshes it when it is refused.
 */
export function createDoorward(options: DoorwardOptions): Doorward {
  // Taken out of the options: browsers refuse a `fetch` that is called as another object's method.
  const { baseUrl, tokens: store = memoryStore(), fetch = globalThis.fetch } = options;
  const anonymous = createClient<paths>({ baseUrl, fetch });
  let refreshing: Promise<Tokens | undefined> | undefined;
  // How often somebody signed in or out: what one person asked is not repeated as another.
  let session = 0;

  async function send(request: Request): Promise<Response> {
    const is = (path: keyof paths) => new URL(request.url).pathname.endsWith(path);
    const started = session;
    const held = await store.get();
    if (!held || request.headers.has("Authorization") || ANONYMOUS_PATHS.some(is)) {
      const response = await fetch(request);
      const signsIn = is("/v1/auth/register") || is("/v1/auth/login");
      if (response.ok && (signsIn || is("/v1/auth/refresh"))) {
        await store.set(pair(await response.clone().json()));
      }
      if (response.ok && signsIn) session += 1;
      return response;
    }

    // A clone goes first, because the body of a request can be sent once.
    let response = await fetch(withToken(request.clone(), held));
    if (response.status === 401) {
      const fresh = await refresh(held.access_token);
      if (fresh && started === session) response = await fetch(withToken(request, fresh));
    }
    if (response.ok && is("/v1/auth/logout")) {
      await store.set(undefined);
      session += 1;
    }
    if (response.ok && is("/v1/auth/switch-org")) {
      const { access_token } = await response.clone().json();
      const now = await store.get();
      if (now) await store.set({ ...now, access_token });
    }
    return response;
  }

  /** Answers tokens to try instead of the refused one; whoever asks meanwhile gets the same. */
  function refresh(refused: string): Promise<Tokens | undefined> {
    refreshing ??= exchange(refused).finally(() => (refreshing = undefined));
    return refreshing;
  }

  async function exchange(refused: string): Promise<Tokens | undefined> {
    const held = await store.get();
    if (held?.access_token !== refused) return held;

    const body = { refresh_token: held.refresh_token };
    const answer = await anonymous.POST("/v1/auth/refresh", { body }).catch(() => undefined);

    // Somebody signed in or out meanwhile, or another tab was faster: that holds.
    const now = await store.get();
    if (now?.refresh_token !== held.refresh_token) return now;

    // Anything but success and 401 says nothing of the tokens: they may still be good later.
    if (answer?.data) await store.set(pair(answer.data));
    else if (answer?.response.status === 401) await store.set(undefined);
    return answer?.data;
  }

  return createClient<paths>({ baseUrl, fetch: send });
}

function withToken(request: Request, tokens: Tokens): Request {
  request.headers.set("Authorization", `Bearer ${tokens.access_token}`);
  return request;
}

function pair({ access_token, refresh_token }: Tokens): Tokens {
  return { access_token, refresh_token };
}
