/**
 * The tokens that a client holds. Between a request and its answer somebody else may have signed in,
 * here or in another tab: whatever comes of a request changes the tokens of its own session only.
 */
export class HeldTokens {
    #store;
    #last = Promise.resolve();
    constructor(store) {
        this.#store = store;
    }
    get() {
        return this.#inTurn(() => this.#store.get());
    }
    /** Begins a session, and forgets the one before. */
    begin(tokens) {
        return this.#inTurn(() => this.#store.set(tokens));
    }
    /** Changes what is held if it is of the same session as `sent`, and answers what that has then. */
    change(sent, next) {
        return this.#inTurn(async () => {
            const now = await this.#store.get();
            if (!now || sessionOf(now) !== sessionOf(sent))
                return undefined;
            const changed = next(now);
            if (changed !== now)
                await this.#store.set(changed);
            return changed;
        });
    }
    /** Puts what a refresh answered in the place of what it was `sent` with. */
    refreshed(sent, fresh) {
        return this.change(sent, (now) => {
            // Another tab was faster.
            if (now.refresh_token !== sent.refresh_token)
                return now;
            // So was a switch to another organisation: `fresh` may still be for the one before.
            const { access_token } = now.access_token === sent.access_token ? fresh : now;
            return { ...fresh, access_token, session: sessionOf(sent) };
        });
    }
    /** A store may take its time: what is being written is written before anybody reads. */
    #inTurn(work) {
        const result = this.#last.then(work);
        this.#last = result.catch(() => { });
        return result;
    }
}
/** What the session of these tokens is known by, in every tab and through every refresh. */
export function sessionOf({ session, refresh_token }) {
    return session ?? refresh_token;
}
