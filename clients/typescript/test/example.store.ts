import type { TokenStore } from "doorward-client";

const key = "doorward";

export const browserStore: TokenStore = {
  get: () => JSON.parse(localStorage.getItem(key) ?? "null") ?? undefined,
  set: (tokens) =>
    tokens ? localStorage.setItem(key, JSON.stringify(tokens)) : localStorage.removeItem(key),
};
