import createClient, { type Client } from "openapi-fetch";
import { ANONYMOUS_PATHS } from "./anonymous.js";
import { HeldTokens, sessionOf } from "./held.js";
import type { paths } from "./schema.js";
import {
  type DeviceStore,
  memoryDevice,
  memoryStore,
  type Tokens,
  type TokenStore,
} from "./store.js";

export {
  type DeviceStore,
  memoryDevice,
  memoryStore,
  type Tokens,
  type TokenStore,
} from "./store.js";
export type * from "./types.js";

export type Doorward = Client<paths>;

export interface DoorwardOptions {
  /** The base URL of the server, such as `https://auth.example.com`. */
  baseUrl: string;
  /** The store of the tokens. Defaults to a store in memory. */
  tokens?: TokenStore;
  /** The store of the device token. Defaults to a store in memory. */
  device?: DeviceStore;
  /** Sends the requests. Defaults to the platform's `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
}

const DEVICE_TOKEN = "Device-Token";

/** The timeout of a refresh in milliseconds. All rejected calls wait for the refresh. */
const REFRESH_DEADLINE = 30_000;

/**
 * * Creates a client of one server for one user at a time. The client stores the tokens that a sign-in
 * returns, sends the access token where one is required, and refreshes it when it is rejected.
 */
export function createDoorward(options: DoorwardOptions): Doorward {
  // A separate variable: browsers reject a `fetch` that is called as another object's method.
  const { baseUrl, tokens: store = memoryStore(), fetch = globalThis.fetch } = options;
  const device = options.device ?? memoryDevice();
  const anonymous = createClient<paths>({ baseUrl, fetch });
  const held = new HeldTokens(store);
  /** The refreshes in progress, by session. */
  const refreshes = new Map<string, Promise<Tokens | undefined>>();

  /** Stores the device token of a sign-in, a registration, or a password reset. */
  async function remember(response: Response): Promise<Response> {
    const token = response.headers.get(DEVICE_TOKEN);
    if (response.ok && token) await device.set(token);
    return response;
  }

  async function send(request: Request): Promise<Response> {
    const is = (path: keyof paths) => new URL(request.url).pathname.endsWith(path);
    const sent = await held.get();
    if (is("/v1/auth/register") || is("/v1/auth/login") || is("/v1/auth/refresh")) {
      // A clone, because a body can be read only once.
      const asked = await json(request.clone());
      if (is("/v1/auth/login")) withDevice(request, await device.get());
      const response = await remember(await fetch(request));
      const answered = tokensIn(response.ok && (await json(response.clone())));
      const refreshed = sent && sent.refresh_token === asked?.refresh_token;
      if (answered) await (refreshed ? held.refreshed(sent, answered) : held.begin(answered));
      return response;
    }
    if (!sent || request.headers.has("Authorization") || ANONYMOUS_PATHS.some(is)) {
      return remember(await fetch(request));
    }

    let response = await fetch(withToken(request.clone(), sent));
    if (response.status === 401) {
      const now = await unlessAborted(request.signal, refresh(sent));
      if (now && now.access_token !== sent.access_token) {
        // An unread body would keep the connection open.
        response.body?.cancel().catch(() => {});
        response = await fetch(withToken(request, now));
      }
    }
    if (response.ok && is("/v1/auth/logout")) await held.change(sent, () => undefined);
    if (response.ok && is("/v1/auth/switch-org")) {
      const access_token = (await json(response.clone()))?.access_token;
      if (isToken(access_token)) await held.change(sent, (now) => ({ ...now, access_token }));
    }
    return response;
  }

  /** Returns the tokens to retry with. Concurrent calls for one session share a refresh. */
  function refresh(refused: Tokens): Promise<Tokens | undefined> {
    const session = sessionOf(refused);
    const refreshing =
      refreshes.get(session) ?? exchange(refused).finally(() => refreshes.delete(session));
    refreshes.set(session, refreshing);
    return refreshing;
  }

  async function exchange(refused: Tokens): Promise<Tokens | undefined> {
    const sent = await held.change(refused, (now) => now);
    if (sent?.access_token !== refused.access_token) return sent;

    const signal = AbortSignal.timeout(REFRESH_DEADLINE);
    const body = { refresh_token: sent.refresh_token };
    const asking = anonymous.POST("/v1/auth/refresh", { body, signal });
    const answer = await unlessAborted(signal, asking).catch(() => undefined);

    const fresh = tokensIn(answer?.data);
    if (fresh) return held.refreshed(sent, fresh);
    // Only success and 401 say whether the tokens are valid; after other failures they may still be.
    const ended = answer?.response.status === 401;
    return held.change(sent, (now) =>
      ended && now.refresh_token === sent.refresh_token ? undefined : now,
    );
  }

  return createClient<paths>({ baseUrl, fetch: send });
}

function withDevice(request: Request, token: string | undefined): void {
  if (token && !request.headers.has(DEVICE_TOKEN)) request.headers.set(DEVICE_TOKEN, token);
}

function withToken(request: Request, { access_token }: Tokens): Request {
  request.headers.set("Authorization", `Bearer ${access_token}`);
  return request;
}

/** Returns the tokens of a response body. A proxy may return a body without tokens. */
function tokensIn(answer: any): Tokens | undefined {
  const { access_token, refresh_token } = answer ?? {};
  return isToken(access_token) && isToken(refresh_token) ? { access_token, refresh_token } : undefined;
}

function isToken(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** Parses a body; returns `undefined` if it is not JSON. */
function json(message: Request | Response): Promise<any> {
  return message.json().catch(() => undefined);
}

/** Waits for the work or until the signal aborts. The work itself is not canceled. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
