// Signs in with the client that @hey-api/openapi-ts generates from the document. See scripts/api-clients.sh.
import assert from 'node:assert/strict';
import { client } from './client/client.gen.js';
import {
    changePassword, getConfig, getInviteInfo, getJwks, getMe, getProfile, getReadiness, login, logout, refresh,
    register, switchOrg, updateProfile,
} from './client/index.js';
import type { ErrorResponse, HttpValidationError, UserResponse } from './client/index.js';

const password = 'correct horse battery staple';
let access: string | undefined;
client.setConfig({ baseUrl: process.argv[2], auth: () => access });

// The two shapes of errors can be distinguished without a cast.
function isEnvelope(error: ErrorResponse | HttpValidationError): error is ErrorResponse {
    return 'status_code' in error;
}

// Endpoints that need no account.
assert.equal((await getReadiness()).data?.status, 'ready');
assert.equal((await getConfig()).data?.allow_registration, true);
assert.equal((await getInviteInfo({ query: { token: 'dwi_unknown' } })).data?.valid, false);
assert.ok((await getJwks()).data?.keys[0]?.kid);

// Registering, signing in, and getting the current user.
const registered = await register({
    body: { email: 'ada@example.com', username: 'ada', password, full_name: 'Ada Lovelace' },
});
assert.ok(registered.data, JSON.stringify(registered.error));
const signedIn = await login({ body: { username: 'ada', password } });
assert.ok(signedIn.data, JSON.stringify(signedIn.error));
access = signedIn.data.access_token;
const { data: me } = await getMe({ throwOnError: true });
const user: UserResponse = me;
assert.equal(user.user_id, signedIn.data.user.user_id);
assert.deepEqual(
    [user.username, user.full_name, user.avatar_url, user.roles],
    ['ada', 'Ada Lovelace', null, ['owner']],
);

// Omitted fields are kept, `null` clears.
await updateProfile({ body: { bio: 'Poetical science', timezone: 'Europe/London' }, throwOnError: true });
const { data: cleared } = await updateProfile({ body: { bio: null }, throwOnError: true });
assert.deepEqual([cleared.bio, cleared.timezone, cleared.full_name], [null, 'Europe/London', 'Ada Lovelace']);
assert.equal((await getProfile()).data?.has_password, true);

// Tokens.
assert.ok(user.default_workspace_id);
const switched = await switchOrg({ body: { org_id: user.default_workspace_id } });
assert.equal(switched.data?.org_id, user.default_workspace_id);
const pair = await refresh({ body: { refresh_token: signedIn.data.refresh_token } });
assert.equal(pair.data?.token_type, 'bearer');
access = pair.data?.access_token;

// 401 and 422 are typed values.
const wrong = await login({ body: { username: 'ada', password: 'wrong' } });
assert.ok(wrong.error && isEnvelope(wrong.error));
assert.deepEqual([wrong.error.error, wrong.error.status_code], ['AUTHENTICATION_FAILED', 401]);
const unknown = await refresh({ body: { refresh_token: 'dwr_unknown' } });
assert.ok(unknown.error && isEnvelope(unknown.error));
assert.equal(unknown.error.details.reason, 'token_invalid');
const unfit = await register({ body: { email: 'ada@example', username: 'a', password: 'short' } });
assert.ok(unfit.error && !isEnvelope(unfit.error));
assert.deepEqual(
    unfit.error.detail.map(({ type, loc }) => [type, ...loc]),
    [
        ['value_error', 'body', 'email'],
        ['string_too_short', 'body', 'username'],
        ['string_too_short', 'body', 'password'],
    ],
);

// 200 with `null`, and its effect.
const changed = await changePassword({
    body: { current_password: password, new_password: 'seven lucky herons wade' },
});
assert.deepEqual([changed.response?.status, changed.error], [200, undefined]);
const ended = await logout();
assert.deepEqual([ended.response?.status, ended.error], [200, undefined]);
assert.equal((await getMe()).response?.status, 401);
