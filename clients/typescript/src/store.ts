import type { TokenResponse } from "./types.js";

export interface Tokens extends Pick<TokenResponse, "access_token" | "refresh_token"> {
  /** The session's first refresh token, once there is a second: by it the session is known. */
  session?: string;
}

/** Where a client keeps its tokens. Both methods may take their time. */
export interface TokenStore {
  get(): Tokens | undefined | Promise<Tokens | undefined>;
  /** Keeps the tokens, with all that is in them; `undefined` means that the person is signed out. */
  set(tokens: Tokens | undefined): void | Promise<void>;
}

/**
 * Where a client keeps the device token, which shows that it has signed in before. It is kept when the
 * person signs out.
 */
export interface DeviceStore {
  get(): string | undefined | Promise<string | undefined>;
  set(token: string): void | Promise<void>;
}

/** Keeps the device token until the program or the page ends. */
export function memoryDevice(token?: string): DeviceStore {
  return {
    get: () => token,
    set: (next) => {
      token = next;
    },
  };
}

/** Keeps tokens until the program or the page ends. */
export function memoryStore(tokens?: Tokens): TokenStore {
  return {
    get: () => tokens,
    set: (next) => {
      tokens = next;
    },
  };
}
