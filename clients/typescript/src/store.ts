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

/** Keeps tokens until the program or the page ends. */
export function memoryStore(tokens?: Tokens): TokenStore {
  return {
    get: () => tokens,
    set: (next) => {
      tokens = next;
    },
  };
}
