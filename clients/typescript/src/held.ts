import type { Tokens, TokenStore } from "./store.js";

/**
 * * The tokens of a client. Between a request and its response, another user may sign in, in this tab or
 * another one, so a response changes only the tokens of its own session.
 */
export class HeldTokens {
  readonly #store: TokenStore;
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: TokenStore) {
    this.#store = store;
  }

  get(): Promise<Tokens | undefined> {
    return this.#inTurn(() => this.#store.get());
  }

  /** Starts a session with these tokens and forgets the previous session. */
  begin(tokens: Tokens): Promise<void> {
    return this.#inTurn(() => this.#store.set(tokens));
  }

  /** Changes the tokens if they belong to the session of `sent`. Returns that session's tokens. */
  change(sent: Tokens, next: (now: Tokens) => Tokens | undefined): Promise<Tokens | undefined> {
    return this.#inTurn(async () => {
      const now = await this.#store.get();
      if (!now || sessionOf(now) !== sessionOf(sent)) return undefined;
      const changed = next(now);
      if (changed !== now) await this.#store.set(changed);
      return changed;
    });
  }

  /** Replaces the tokens that a refresh was `sent` with by the `fresh` ones that it returned. */
  refreshed(sent: Tokens, fresh: Tokens): Promise<Tokens | undefined> {
    return this.change(sent, (now) => {
      // Another tab has refreshed already.
      if (now.refresh_token !== sent.refresh_token) return now;
      // The organization was switched meanwhile: `fresh` may still be for the previous one.
      const { access_token } = now.access_token === sent.access_token ? fresh : now;
      return { ...fresh, access_token, session: sessionOf(sent) };
    });
  }

  /** Runs operations one after the other: stores may be asynchronous, and a write must complete before a read. */
  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}

/** Returns an identifier of the tokens' session that is the same in every tab and after every refresh. */
export function sessionOf({ session, refresh_token }: Tokens): string {
  return session ?? refresh_token;
}
