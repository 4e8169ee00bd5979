import type { TokenResponse } from "./types.js";

export interface Tokens extends Pick<TokenResponse, "access_token" | "refresh_token"> {
  /** The session's first refresh token, set after the first refresh. Identifies the session. */
  session?: string;
}

/** A store for the tokens of a client. Both methods may be asynchronous. */
export interface TokenStore {
  get(): Tokens | undefined | Promise<Tokens | undefined>;
  /** Stores the tokens with all their properties. `undefined` means that the user signed out. */
  set(tokens: Tokens | undefined): void | Promise<void>;
}

/**
 * * A store for the device token, which shows that the client has signed in before. The token is kept
 * when the user signs out.
 */
export interface DeviceStore {
  get(): string | undefined | Promise<string | undefined>;
  set(token: string): void | Promise<void>;
}

/** Returns a store that keeps the device token in memory. */
export function memoryDevice(token?: string): DeviceStore {
  return {
    get: () => token,
    set: (next) => {
      token = next;
    },
  };
}

/** Returns a store that keeps the tokens in memory. */
export function memoryStore(tokens?: Tokens): TokenStore {
  return {
    get: () => tokens,
    set: (next) => {
      tokens = next;
    },
  };
}
