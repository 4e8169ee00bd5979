import type { TokenResponse } from "./types.js";

export type Tokens = Pick<TokenResponse, "access_token" | "refresh_token">;

/** Where a client keeps its tokens. Both methods may take their time. */
export interface TokenStore {
  get(): Tokens | undefined | Promise<Tokens | undefined>;
  /** Keeps the tokens; `undefined` means that the person is signed out. */
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
