// Generated from docs/openapi.json by scripts/api.sh.
export interface paths {
    "/v1/auth/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what a sign-in page has to know
         * @description Answers without the database.
         */
        get: operations["get_config"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/invite-info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look an invite up
         * @description For a sign-up page that was opened by the link of an invite. A token that is no good is answered with `valid: false`, and never with an error.
         */
        get: operations["get_invite_info"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make an account and sign in
         * @description Makes the account, an organization of its own as its default workspace, and a session, and sends a mail that verifies the address. With an invite, the person joins the organization that invited, which is then the default workspace, and the address counts as verified.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Opens a session in the user's default workspace.
         *
         *     After 100 consecutive failures, the password is accepted from known devices only: those that send the `Device-Token` of an earlier sign-in or of a password reset. A successful sign-in or a password reset clears the counter.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange a refresh token for a new pair of tokens
         * @description Each refresh token is used once. Within 10 seconds of that (`refresh_grace_seconds`) it is answered with the same successor again, for two tabs and lost responses; later it is taken for stolen, and the session is ended.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends the session: its access token and its refresh token stop working at once.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/switch-org": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get an access token for another organization
         * @description The organization is a matter of the access token, so two tabs can work in two of them. The new token expires when the presented one does. The refresh token stays as it is; a refresh continues in the organization that the session was in last, and issues an access token of the full lifetime.
         */
        post: operations["switch_org"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify an e-mail address
         * @description A token that has verified its address is answered so again until it expires, for double clicks and for programs that look into mails.
         */
        post: operations["verify_email"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/resend-verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for the verification mail again
         * @description The answer and its time are the same for every address. A mail goes out if there is an active account whose address is not verified, at most one a minute, five an hour, and 20 a day. Links that were mailed before stay valid.
         */
        post: operations["resend_verification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/forgot-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a link to set a new password
         * @description The answer and its time are the same for every address. A mail goes out if there is an active account, at most one a minute, five an hour, and 20 a day. Its token is valid for an hour, also if another one is requested meanwhile.
         */
        post: operations["forgot_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a new password through a mailed link
         * @description Ends every session, invalidates every other link of this kind, and verifies the address, to which the link went. An email tells the user of it. A password that is refused leaves the token unused.
         *
         *     The client and its network are known to the account for 14 days: send the `Device-Token` of the response along with the sign-in, and no attempts of other clients keep it from signing in.
         *
         *     An account whose address was not verified before may have been registered by someone else. Unless the request has a `Device-Token` of the account, what it had is discarded: its organizations, its profile, and its default workspace.
         */
        post: operations["reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read who one is
         * @description The user that the access token is for, with the roles in the organization that it is for.
         */
        get: operations["get_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/me/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one's profile
         * @description The user, with what a settings page needs beside.
         */
        get: operations["get_profile"];
        /**
         * Change one's profile
         * @description Changes what the body mentions: what is left out stays, `null` clears. `email` and `username` are ignored: an email address is changed by `PUT /v1/auth/me/email`, a password by `PUT /v1/auth/me/password`.
         */
        put: operations["update_profile"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/me/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change an unverified email address
         * @description Replaces the address of an account that has not verified it, such as a mistyped one, and sends a verification email to the new address. Links that were sent to the former address become invalid. Works without a verified address where the server requires one. An address that is verified can't be changed.
         */
        put: operations["change_email"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change one's password
         * @description Ends every other session and keeps this one, for a day at most. An email tells the user of it.
         *
         *     Refresh right after it: from then on a copy of the former refresh token ends the session instead of continuing it.
         */
        put: operations["change_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List where one is signed in
         * @description The sessions that go on, the newest first.
         */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        /**
         * Sign out everywhere else
         * @description Ends all of one's sessions but the one that asks: their tokens stop working at once.
         */
        delete: operations["end_other_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign out elsewhere
         * @description Ends one of one's sessions: its tokens stop working at once. It may be the one that asks. A session that has ended before is answered alike.
         */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what has happened to one's account
         * @description Sign-ins, failed ones too, changes of the password and the like, the newest first. Entries are kept for a year.
         */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's organizations
         * @description The organizations that the person belongs to, the newest first, with their role in each. `POST /v1/auth/switch-org` gives an access token for one of them.
         */
        get: operations["list_orgs"];
        put?: never;
        /**
         * Make an organization
         * @description Makes an organization to work in together. The person is its owner. Their tokens stay for the organization that they are for: see `POST /v1/auth/switch-org`.
         */
        post: operations["create_org"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at an organization
         * @description An organization that the person belongs to, and their role in it.
         */
        get: operations["get_org"];
        put?: never;
        post?: never;
        /**
         * Delete an organization
         * @description Deletes an organization with its memberships and invites. Access tokens for it are refused from then on; a refresh goes on in another organization of the person's. A personal one can't be deleted.
         */
        delete: operations["delete_org"];
        options?: never;
        head?: never;
        /**
         * Rename an organization
         * @description Gives an organization another name; also the personal one.
         */
        patch: operations["update_org"];
        trace?: never;
    };
    "/v1/orgs/{org_id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the members of an organization
         * @description Who is in the organization, the newest account first. Addresses are shown to owners and admins.
         */
        get: operations["list_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a member out, or leave
         * @description Ends a membership. One's own may be ended by everybody: so one leaves. Access tokens of the person for this organization are refused from then on; a refresh goes on in another one of theirs.
         */
        delete: operations["remove_member"];
        options?: never;
        head?: never;
        /**
         * Change a member's role
         * @description Gives a member another role, which holds from their next request on, whatever their access token says. Owners are made and unmade by owners.
         */
        patch: operations["update_member"];
        trace?: never;
    };
    "/v1/orgs/{org_id}/invites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the invites into an organization
         * @description The invites that nobody has used or taken back, the newest first. Those past their time are among them: they can be sent again.
         */
        get: operations["list_invites"];
        put?: never;
        /**
         * Invite somebody
         * @description Sends a link to an address, which is good for seven days and for one use: to register with, or for somebody who is signed in with that address to join by `POST /v1/auth/accept-invite`. There is one open invite for an address: inviting it again renews that one, and the link before is void. An invite opens nothing when whoever sent it may not invite any more. A personal organization has no invitations. The caller's email address has to be verified.
         */
        post: operations["create_invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/invites/{invite_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take an invite back
         * @description The link of the invite opens nothing from then on.
         */
        delete: operations["revoke_invite"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/invites/{invite_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an invite again
         * @description Sends a new link, which is good for seven days from now; the link before is void. The invite may be past its time. The person is who invites from then on, so their email address has to be verified.
         */
        post: operations["resend_invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/accept-invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Join an organization
         * @description Makes the person a member of the organization that invited their address. The token was mailed to it, so an address that was not verified is verified. A member is answered alike, and stays what they are. `POST /v1/auth/switch-org` then gives an access token for it.
         */
        post: operations["accept_invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the keys that access tokens are signed with
         * @description A JWK Set (RFC 7517), for services that verify access tokens by themselves. It may be kept for five minutes: a key is published before it signs.
         */
        get: operations["get_jwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ask whether the process lives
         * @description Says nothing of the database, whose absence no restart mends.
         */
        get: operations["get_liveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ask whether requests can be served
         * @description For load balancers and orchestrators. One statement checks that the database can be reached, that it accepts writes, that its schema is that of this version, and that the server has the privileges that it needs; with SQLite, that the file can be written to. A server that has no key to sign access tokens with, or that is stopping, is not ready either. Mail and Redis are not checked: requests are served without them.
         */
        get: operations["get_readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptInviteRequest: {
            /**
             * @description The invite's token: `token` in the link of the mail.
             * @example dwi_AQEBlF1M…
             */
            token: string;
        };
        /** @description A new pair of tokens, and whose they are. */
        AuthResponse: components["schemas"]["TokenResponse"] & {
            user: components["schemas"]["UserResponse"];
        };
        ChangeEmailRequest: {
            /**
             * Format: email
             * @description The new email address. Unique without regard to case.
             * @example ada@example.com
             */
            email: string;
            /**
             * Format: password
             * @description The account's password.
             * @example correct horse battery staple
             */
            current_password: string;
        };
        ChangePasswordRequest: {
            /**
             * Format: password
             * @description The password until now.
             * @example correct horse battery staple
             */
            current_password: string;
            /**
             * Format: password
             * @description The password from now on. Common passwords, the account's address and its name are refused.
             * @example seven lucky herons wade
             */
            new_password: string;
        };
        /** @description What a sign-in page has to know. */
        ConfigResponse: {
            /** @description Whether people may register without an invite. */
            allow_registration: boolean;
        };
        CreateInviteRequest: {
            /**
             * Format: email
             * @description The address to invite. The mail with the link goes there.
             * @example grace@example.com
             */
            email: string;
            /**
             * @description What the person will be.
             * @example member
             * @enum {string}
             */
            role: "owner" | "admin" | "member";
        };
        CreateOrgRequest: {
            /**
             * @description What people call it. Others may have the same name.
             * @example Analytical Engines
             */
            name: string;
        };
        /** @description What is known beyond the code; what does not apply is left out. */
        ErrorDetails: {
            /**
             * @description Why a refresh token was refused.
             * @enum {string}
             */
            reason?: "token_invalid" | "token_expired" | "token_reused" | "session_revoked";
            /**
             * @description The permission that is missing, as `resource:action`.
             * @example org:access
             */
            required_permission?: string;
            /**
             * @description The greatest size of a body, in bytes.
             * @example 65536
             */
            limit_bytes?: number;
            /**
             * Format: int64
             * @description When to try again, in seconds from now.
             * @example 60
             */
            retry_after?: number;
        };
        /** @description Every failure but a request that has to be mended. */
        ErrorResponse: {
            /**
             * @description The code: a program decides by this and the status.
             * @enum {string}
             */
            error: "AUTHENTICATION_FAILED" | "FORBIDDEN" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "PAYLOAD_TOO_LARGE" | "RATE_LIMIT_EXCEEDED" | "INTERNAL_SERVER_ERROR" | "SERVICE_UNAVAILABLE";
            /**
             * @description What happened, for a person.
             * @example Authentication is required or was refused
             */
            message: string;
            details: components["schemas"]["ErrorDetails"];
            /**
             * @description When it happened: UTC, without a zone, in microseconds.
             * @example 2026-01-01T12:00:00.000000
             */
            timestamp: string;
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 401
             */
            status_code: number;
        };
        /** @description Something that has happened. */
        EventResponse: {
            /**
             * Format: uuid
             * @description The entry's id.
             */
            event_id: string;
            /**
             * @description What has happened. There may be other kinds in later versions.
             * @example registered
             * @example imported
             * @example logged_in
             * @example login_failed
             * @example device_forgotten
             * @example logged_out
             * @example refresh_reused
             * @example session_network_changed
             * @example org_switched
             * @example session_revoked
             * @example other_sessions_revoked
             * @example email_verified
             * @example email_changed
             * @example password_changed
             * @example password_reset
             * @example account_reclaimed
             * @example registration_disowned
             * @example account_created
             * @example account_disabled
             * @example account_enabled
             * @example account_deleted
             * @example password_set
             * @example admin_granted
             * @example admin_revoked
             * @example all_sessions_revoked
             * @example mail_retried
             * @example key_rotated
             * @example org_created
             * @example org_renamed
             * @example org_deleted
             * @example member_role_changed
             * @example member_removed
             * @example member_left
             * @example invite_created
             * @example invite_renewed
             * @example invite_revoked
             * @example invite_accepted
             */
            kind: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /**
             * Format: uuid
             * @description In which organisation.
             */
            org_id: string | null;
            /**
             * Format: uuid
             * @description In which session.
             */
            session_id: string | null;
            /** @description From which address. */
            address: string;
            /** @description What the client called itself. */
            user_agent: string | null;
            /** @description The `X-Request-Id` of the request; after `client:` if the client chose it. */
            request_id: string;
        };
        /** @description A page of the list. */
        EventsResponse: {
            /** @description The entries, newest first. */
            items: components["schemas"]["EventResponse"][];
            /**
             * Format: uuid
             * @description What the next page comes after; `null` where there is no next page.
             */
            next_cursor: string | null;
        };
        ForgotPasswordRequest: {
            /**
             * Format: email
             * @description The account's e-mail address.
             * @example ada@example.com
             */
            email: string;
        };
        /** @description All that is wrong with a request, in the order of its fields. */
        HTTPValidationError: {
            detail: components["schemas"]["ValidationError"][];
        };
        /** @description Whether the process lives, or can serve. */
        HealthResponse: {
            /** @description `ok` or `ready`; `not ready` with 503. */
            status: string;
            /** @description Why it is not ready. */
            reason?: string;
        };
        /** @description An invite as far as a sign-up page has to know it. */
        InviteInfoResponse: {
            /** @description Whom the invite is for; empty if the token is none of this server's. */
            email: string;
            /** @description Whether it can be used: it is known, and was not used, revoked, and has not expired. */
            valid: boolean;
        };
        /** @description An invite that nobody has used or taken back. */
        InviteResponse: {
            /**
             * Format: uuid
             * @description Its id.
             */
            invite_id: string;
            /**
             * Format: email
             * @description Whom it is for.
             */
            email: string;
            /**
             * @description What the person is in the organization.
             * @enum {string}
             */
            role: "owner" | "admin" | "member";
            /**
             * Format: uuid
             * @description Who sent it last: it opens nothing when they may not invite any more.
             */
            invited_by: string;
            /**
             * Format: date-time
             * @description When it was sent last.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Until when it can be used.
             */
            expires_at: string;
        };
        /** @description A page of the list. */
        InvitesResponse: {
            /** @description The invites, newest first. */
            items: components["schemas"]["InviteResponse"][];
            /**
             * Format: uuid
             * @description What the next page comes after; `null` where there is no next page.
             */
            next_cursor: string | null;
        };
        /** @description A public key (RFC 7517, section 4; RFC 8037, section 2). */
        Jwk: {
            /** @description The type of key. */
            kty: string;
            /** @description The curve. */
            crv: string;
            /** @description The public key, or the first half of it. */
            x: string;
            /** @description The second half, where there is one. */
            y?: string;
            /** @description Always `sig`. */
            use: string;
            /** @description The algorithm of the tokens. */
            alg: string;
            /** @description The key's id: its thumbprint (RFC 7638). */
            kid: string;
        };
        /** @description A JSON Web Key Set (RFC 7517, section 5). */
        JwkSet: {
            /** @description The keys that tokens may be signed with: by `kid`, in no order. */
            keys: components["schemas"]["Jwk"][];
        };
        /** @description The name of a field, or a position. */
        LocationPart: string | number;
        LoginRequest: {
            /**
             * @description The user name or the e-mail address.
             * @example ada
             */
            username: string;
            /**
             * Format: password
             * @description The password.
             * @example correct horse battery staple
             */
            password: string;
        };
        /** @description Somebody in an organisation. */
        MemberResponse: {
            /**
             * Format: uuid
             * @description The person.
             */
            user_id: string;
            /** @description The name that they sign in with. */
            username: string;
            /** @description Their name. */
            full_name: string | null;
            /**
             * Format: email
             * @description Their address; `null` unless the caller may see whom the organisation has invited.
             */
            email: string | null;
            /**
             * @description What the person is in the organization.
             * @enum {string}
             */
            role: "owner" | "admin" | "member";
            /**
             * Format: date-time
             * @description Since when they are in it.
             */
            joined_at: string;
        };
        /** @description A page of the list. */
        MembersResponse: {
            /** @description The members, the newest account first. */
            items: components["schemas"]["MemberResponse"][];
            /**
             * Format: uuid
             * @description What the next page comes after; `null` where there is no next page.
             */
            next_cursor: string | null;
        };
        /** @description An organisation that the person belongs to. */
        OrgResponse: {
            /**
             * Format: uuid
             * @description Its id.
             */
            org_id: string;
            /** @description What people call it. */
            name: string;
            /**
             * @description `personal`: the person's own, made with the account; or `shared`.
             * @enum {string}
             */
            kind: "personal" | "shared";
            /**
             * @description What the person is in the organization.
             * @enum {string}
             */
            role: "owner" | "admin" | "member";
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
        };
        /** @description A page of the list. */
        OrgsResponse: {
            /** @description The organisations, newest first. */
            items: components["schemas"]["OrgResponse"][];
            /**
             * Format: uuid
             * @description What the next page comes after; `null` where there is no next page.
             */
            next_cursor: string | null;
        };
        /** @description A person with what a settings page needs beside. */
        ProfileResponse: components["schemas"]["UserResponse"] & {
            /** @description Whether the account has a password, and so one that can be changed. */
            has_password: boolean;
        };
        RefreshRequest: {
            /**
             * @description The refresh token, which is used up by this.
             * @example dwr_AQEBlF1M…
             */
            refresh_token: string;
            /** @description The organisation to go on in; without it, the one that the session was in last. */
            org_id?: string | null;
        };
        RegisterRequest: {
            /**
             * Format: email
             * @description The e-mail address. Unique without regard to case.
             * @example ada@example.com
             */
            email: string;
            /**
             * @description The name to sign in with. Unique without regard to case.
             * @example ada
             */
            username: string;
            /**
             * Format: password
             * @description The password. Common passwords, the account's address and its name are refused.
             * @example correct horse battery staple
             */
            password: string;
            /**
             * @description The person's name as they write it.
             * @example Ada Lovelace
             */
            full_name?: string | null;
            /** @description The token of an invite for this address: `token` in the link of its mail. */
            invite_token?: string | null;
        };
        ResendVerificationRequest: {
            /**
             * Format: email
             * @description The account's e-mail address.
             * @example ada@example.com
             */
            email: string;
        };
        ResetPasswordRequest: {
            /**
             * @description `token` in the link of the mail. It holds for an hour and is used up by this.
             * @example dwp_AQEBlF1M…
             */
            token: string;
            /**
             * Format: password
             * @description The password from now on. Common passwords, the account's address and its name are refused.
             * @example seven lucky herons wade
             */
            new_password: string;
        };
        /** @description A session that goes on. */
        SessionResponse: {
            /**
             * Format: uuid
             * @description Its id, which is `sid` in its access tokens.
             */
            session_id: string;
            /** @description Whether it is the one that asks. */
            is_current: boolean;
            /**
             * Format: date-time
             * @description When the person signed in.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was refreshed last, or opened.
             */
            last_used_at: string;
            /**
             * Format: date-time
             * @description When it ends if it is not refreshed before.
             */
            expires_at: string;
            /** @description Where the person signed in from: an address, of IPv6 its network of 64 bits. */
            network: string;
            /** @description What the client called itself then. */
            user_agent: string | null;
            /** @description Where the latest refresh came from. */
            last_network: string;
            /** @description What the client called itself at the latest refresh. */
            last_user_agent: string | null;
        };
        /** @description A page of the list. */
        SessionsResponse: {
            /** @description The sessions, newest first. */
            items: components["schemas"]["SessionResponse"][];
            /**
             * Format: uuid
             * @description What the next page comes after; `null` where there is no next page.
             */
            next_cursor: string | null;
        };
        SwitchOrgRequest: {
            /**
             * @description The id of an organisation that the person belongs to.
             * @example 019b76da-a800-7000-8000-000000000001
             */
            org_id: string;
        };
        /** @description An access token for another organisation. */
        SwitchOrgResponse: {
            /** @description The access token: a JWT, for `Authorization: Bearer`. */
            access_token: string;
            /** @description Always `bearer`. */
            token_type: string;
            /**
             * Format: int64
             * @description How long the access token lasts, in seconds: as long as the presented one.
             */
            expires_in: number;
            /**
             * Format: uuid
             * @description The organisation that it is for.
             */
            org_id: string;
        };
        /** @description A new pair of tokens (RFC 6749, section 5.1). */
        TokenResponse: {
            /** @description The access token: a JWT, for `Authorization: Bearer`. */
            access_token: string;
            /** @description The refresh token, for `POST /v1/auth/refresh`, once. */
            refresh_token: string;
            /** @description Always `bearer`. */
            token_type: string;
            /**
             * Format: int64
             * @description How long the access token lasts, in seconds.
             */
            expires_in: number;
        };
        UpdateMemberRequest: {
            /**
             * @description What the member will be.
             * @example admin
             * @enum {string}
             */
            role: "owner" | "admin" | "member";
        };
        UpdateOrgRequest: {
            /**
             * @description What people will call it.
             * @example Difference Engines
             */
            name: string;
        };
        UpdateProfileRequest: {
            /**
             * @description The person's name as they write it.
             * @example Ada Lovelace
             */
            full_name?: string | null;
            /**
             * Format: uri
             * @description Where the person's picture is: an `http` or `https` URL.
             * @example https://example.com/ada.png
             */
            avatar_url?: string | null;
            /**
             * @description A few words about the person.
             * @example Poetical science
             */
            bio?: string | null;
            /**
             * @description A name of the IANA time zone database.
             * @example Europe/London
             */
            timezone?: string | null;
            /**
             * @description A language tag (BCP 47).
             * @example en-GB
             */
            locale?: string | null;
            /**
             * @description The person's choices: any object of at most 16 KiB, replaced as a whole.
             * @example {
             *       "theme": "dark"
             *     }
             */
            preferences?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description The client's own notes on the person: any object of at most 16 KiB, replaced as a whole.
             * @example {
             *       "onboarded": true
             *     }
             */
            settings?: {
                [key: string]: unknown;
            } | null;
            /** @description The organisation that sign-in opens: one that the person belongs to. */
            default_workspace_id?: string | null;
        };
        /** @description A person, as they see themselves. */
        UserResponse: {
            /**
             * Format: uuid
             * @description The person's id, which is `sub` in access tokens.
             */
            user_id: string;
            /** @description The e-mail address in its normal form: the domain in lower case and as people read it. */
            email: string;
            /** @description The user name, its case kept. */
            username: string;
            /** @description The person's name as they write it. */
            full_name: string | null;
            /** @description Who checks the password: `local` is this server. */
            auth_provider: string;
            /** @description Whether the account is not disabled. */
            is_active: boolean;
            /** @description Whether the e-mail address is verified. */
            is_verified: boolean;
            /**
             * @description The role in the organisation that the access token is for (`owner`, `admin` or `member`), and
             *     `platform_admin` where it was given.
             */
            roles: string[];
            /** @description Where the person's picture is. */
            avatar_url: string | null;
            /** @description A few words about the person. */
            bio: string | null;
            /** @description A name of the IANA time zone database. */
            timezone: string | null;
            /** @description A language tag (BCP 47). */
            locale: string | null;
            /** @description The person's choices, as they were sent. */
            preferences: {
                [key: string]: unknown;
            };
            /** @description The client's own notes on the person, as they were sent. */
            settings: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description When the account was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the account or the profile was changed last.
             */
            updated_at: string;
            /**
             * Format: date-time
             * @description When the person signed in last.
             */
            last_login: string | null;
            /**
             * Format: uuid
             * @description The organisation that sign-in opens.
             */
            default_workspace_id: string | null;
        };
        /** @description One thing that is wrong with a request. */
        ValidationError: {
            /**
             * @description What kind of error it is: a program decides by this, and makes its own words of it.
             * @enum {string}
             */
            type: "missing" | "json_invalid" | "model_attributes_type" | "string_type" | "string_too_short" | "string_too_long" | "string_pattern_mismatch" | "dict_type" | "int_parsing" | "greater_than_equal" | "less_than_equal" | "uuid_parsing" | "enum" | "value_error" | "already_exists" | "password_incorrect" | "password_too_common" | "invite_invalid" | "invite_email_mismatch" | "already_member" | "domain_not_allowed" | "last_owner" | "personal_org" | "timezone_unknown" | "locale_invalid" | "url_invalid" | "too_large";
            /** @description Where: `body`, `query`, `path` or `header`, then the field, or the position in the body. */
            loc: components["schemas"]["LocationPart"][];
            /** @description What is wrong, for a person. */
            msg: string;
            /** @description What was sent, or the object that a field is missing from; `null` where it is or holds a secret. */
            input: unknown;
            /** @description The values of the rule, where the type has any. */
            ctx?: {
                [key: string]: unknown;
            };
        };
        VerifyEmailRequest: {
            /**
             * @description `token` in the link of the mail. It holds for 24 hours.
             * @example dwv_AQEBlF1M…
             */
            token: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The id of the request, by which the log knows it: the request's own, if it sent a sane one. */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_config: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The public part of the configuration. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "allow_registration": true
                     *     }
                     */
                    "application/json": components["schemas"]["ConfigResponse"];
                };
            };
            /** @description Reserved: the v1 API lists this status here, and this server does not answer it. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A browser sent the request for a page of another origin, which is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Reserved: the v1 API lists this status here, and this server does not answer it. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    get_invite_info: {
        parameters: {
            query: {
                /**
                 * @description The invite's token: `token` in the link of the mail.
                 * @example dwi_AQEBlF1M…
                 */
                token: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whom the invite is for, and whether it can be used. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "email": "ada@example.com",
                     *       "valid": true
                     *     }
                     */
                    "application/json": components["schemas"]["InviteInfoResponse"];
                };
            };
            /** @description Reserved: the v1 API lists this status here, and this server does not answer it. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A browser sent the request for a page of another origin, which is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A parameter is missing or wrong. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "username": "ada",
                 *       "password": "correct horse battery staple",
                 *       "full_name": "Ada Lovelace"
                 *     }
                 */
                "application/json": components["schemas"]["RegisterRequest"];
            };
        };
        responses: {
            /** @description Tokens and the user. */
            200: {
                headers: {
                    /** @description Shows at later sign-ins that the account knows this client: keep it, also after a sign-out, and send it along. It opens nothing. */
                    "Device-Token": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSIs…",
                     *       "refresh_token": "dwr_AQEBlF1M…",
                     *       "token_type": "bearer",
                     *       "expires_in": 900,
                     *       "user": {
                     *         "user_id": "019b76da-a800-7000-8000-000000000000",
                     *         "email": "ada@example.com",
                     *         "username": "ada",
                     *         "full_name": "Ada Lovelace",
                     *         "auth_provider": "local",
                     *         "is_active": true,
                     *         "is_verified": false,
                     *         "roles": [
                     *           "owner"
                     *         ],
                     *         "avatar_url": null,
                     *         "bio": null,
                     *         "timezone": null,
                     *         "locale": null,
                     *         "preferences": {},
                     *         "settings": {},
                     *         "created_at": "2026-01-01T12:00:00Z",
                     *         "updated_at": "2026-01-01T12:00:00Z",
                     *         "last_login": "2026-01-01T12:00:00Z",
                     *         "default_workspace_id": "019b76da-a800-7000-8000-000000000001"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["AuthResponse"];
                };
            };
            /** @description Reserved: the v1 API lists this status here, and this server does not answer it. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Registration is closed, and there is no invite.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             *     - `email`: There is an account with this e-mail address.
             *     - `username`: There is an account with this user name.
             *     - `password`: Value is too easy to guess: choose another password.
             *     - `invite_token`: The invite is not valid any more.
             *     - `email`: The invite is for another address.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 10 requests a minute (`limit_register`) came from one address. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - More passwords wait to be checked than is good.
             *     - The database is away.
             */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `Device-Token` of this client's last sign-in, registration, or password reset. With it, wrong passwords that others give for the account do not count against this client. An invalid one is ignored.
                 * @example dwd_AQEBlF1M...
                 */
                "Device-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "username": "ada",
                 *       "password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description Tokens and the user. */
            200: {
                headers: {
                    /** @description Shows at later sign-ins that the account knows this client: keep it, also after a sign-out, and send it along. It opens nothing. */
                    "Device-Token": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSIs…",
                     *       "refresh_token": "dwr_AQEBlF1M…",
                     *       "token_type": "bearer",
                     *       "expires_in": 900,
                     *       "user": {
                     *         "user_id": "019b76da-a800-7000-8000-000000000000",
                     *         "email": "ada@example.com",
                     *         "username": "ada",
                     *         "full_name": "Ada Lovelace",
                     *         "auth_provider": "local",
                     *         "is_active": true,
                     *         "is_verified": false,
                     *         "roles": [
                     *           "owner"
                     *         ],
                     *         "avatar_url": null,
                     *         "bio": null,
                     *         "timezone": null,
                     *         "locale": null,
                     *         "preferences": {},
                     *         "settings": {},
                     *         "created_at": "2026-01-01T12:00:00Z",
                     *         "updated_at": "2026-01-01T12:00:00Z",
                     *         "last_login": "2026-01-01T12:00:00Z",
                     *         "default_workspace_id": "019b76da-a800-7000-8000-000000000001"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["AuthResponse"];
                };
            };
            /** @description There is no account with this name and this password. Neither the answer nor its time tells which of the two is wrong. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The account has been disabled.
             *     - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /**
             * @description - Too many passwords for this account were wrong (`limit_login_failures`, 10 a minute). Known devices and networks have limits of their own, and any other network has two attempts a minute that no other can spend.
             *     - More than 20 requests a minute (`limit_login`) came from one address.
             */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - More passwords wait to be checked than is good.
             *     - The database is away.
             */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refresh_token": "dwr_AQEBlF1M…"
                 *     }
                 */
                "application/json": components["schemas"]["RefreshRequest"];
            };
        };
        responses: {
            /** @description The new pair. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSIs…",
                     *       "refresh_token": "dwr_AQEBlF1M…",
                     *       "token_type": "bearer",
                     *       "expires_in": 900
                     *     }
                     */
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            /**
             * @description - The refresh token is none of this server's, or its session is no longer known.
             *     - The session was not used for too long, or has come to its greatest age.
             *     - A token of this session was used a second time, and not just after the first. Somebody may have copied it, so the session has been ended.
             *     - The session was ended: signed out, by a new password, or by an administrator.
             */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The person does not belong to the organization, or there is none with this id.
             *     - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 60 requests a minute (`limit_refresh`) came from one address. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session is ended. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example null */
                    "application/json": unknown;
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A browser sent the request for a page of another origin, which is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description There is a body, which is not looked at, and it did not come to its end in time. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    switch_org: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "org_id": "019b76da-a800-7000-8000-000000000001"
                 *     }
                 */
                "application/json": components["schemas"]["SwitchOrgRequest"];
            };
        };
        responses: {
            /** @description The access token. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSIs…",
                     *       "token_type": "bearer",
                     *       "expires_in": 900,
                     *       "org_id": "019b76da-a800-7000-8000-000000000001"
                     *     }
                     */
                    "application/json": components["schemas"]["SwitchOrgResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The person does not belong to the organization, or there is none with this id.
             *     - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    verify_email: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "dwv_AQEBlF1M…"
                 *     }
                 */
                "application/json": components["schemas"]["VerifyEmailRequest"];
            };
        };
        responses: {
            /** @description The address is verified. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example null */
                    "application/json": unknown;
                };
            };
            /** @description The token is none of this server's, has expired, was followed by a newer one, or is for another address than the account has now. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A browser sent the request for a page of another origin, which is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    resend_verification: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["ResendVerificationRequest"];
            };
        };
        responses: {
            /** @description The request is noted. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example null */
                    "application/json": unknown;
                };
            };
            /** @description Reserved: the v1 API lists this status here, and this server does not answer it. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A browser sent the request for a page of another origin, which is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 5 requests a minute (`limit_mail`) came from one address, counted together with the others that send mail. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    forgot_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["ForgotPasswordRequest"];
            };
        };
        responses: {
            /** @description The request is noted. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example null */
                    "application/json": unknown;
                };
            };
            /** @description Reserved: the v1 API lists this status here, and this server does not answer it. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A browser sent the request for a page of another origin, which is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 5 requests a minute (`limit_mail`) came from one address, counted together with the others that send mail. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    reset_password: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `Device-Token` of this client's last sign-in, registration, or password reset. With it, wrong passwords that others give for the account do not count against this client. An invalid one is ignored.
                 * @example dwd_AQEBlF1M...
                 */
                "Device-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "dwp_AQEBlF1M…",
                 *       "new_password": "seven lucky herons wade"
                 *     }
                 */
                "application/json": components["schemas"]["ResetPasswordRequest"];
            };
        };
        responses: {
            /** @description The password is changed. */
            200: {
                headers: {
                    /** @description Shows at later sign-ins that the account knows this client: keep it, also after a sign-out, and send it along. It opens nothing. */
                    "Device-Token": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example null */
                    "application/json": unknown;
                };
            };
            /** @description The token is none of this server's, has expired, or was used or invalidated. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A browser sent the request for a page of another origin, which is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             *     - `new_password`: Value is too easy to guess: choose another password.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - More passwords wait to be checked than is good.
             *     - The database is away.
             */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    get_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user_id": "019b76da-a800-7000-8000-000000000000",
                     *       "email": "ada@example.com",
                     *       "username": "ada",
                     *       "full_name": "Ada Lovelace",
                     *       "auth_provider": "local",
                     *       "is_active": true,
                     *       "is_verified": true,
                     *       "roles": [
                     *         "owner"
                     *       ],
                     *       "avatar_url": "https://example.com/ada.png",
                     *       "bio": "Poetical science",
                     *       "timezone": "Europe/London",
                     *       "locale": "en-GB",
                     *       "preferences": {
                     *         "theme": "dark"
                     *       },
                     *       "settings": {},
                     *       "created_at": "2026-01-01T12:00:00Z",
                     *       "updated_at": "2026-01-01T12:00:00Z",
                     *       "last_login": "2026-01-01T12:00:00Z",
                     *       "default_workspace_id": "019b76da-a800-7000-8000-000000000001"
                     *     }
                     */
                    "application/json": components["schemas"]["UserResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A browser sent the request for a page of another origin, which is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Reserved: the v1 API lists this status here, and this server does not answer it. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    get_profile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The profile. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user_id": "019b76da-a800-7000-8000-000000000000",
                     *       "email": "ada@example.com",
                     *       "username": "ada",
                     *       "full_name": "Ada Lovelace",
                     *       "auth_provider": "local",
                     *       "is_active": true,
                     *       "is_verified": true,
                     *       "roles": [
                     *         "owner"
                     *       ],
                     *       "avatar_url": "https://example.com/ada.png",
                     *       "bio": "Poetical science",
                     *       "timezone": "Europe/London",
                     *       "locale": "en-GB",
                     *       "preferences": {
                     *         "theme": "dark"
                     *       },
                     *       "settings": {},
                     *       "created_at": "2026-01-01T12:00:00Z",
                     *       "updated_at": "2026-01-01T12:00:00Z",
                     *       "last_login": "2026-01-01T12:00:00Z",
                     *       "default_workspace_id": "019b76da-a800-7000-8000-000000000001",
                     *       "has_password": true
                     *     }
                     */
                    "application/json": components["schemas"]["ProfileResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Reserved: the v1 API lists this status here, and this server does not answer it. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    update_profile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "full_name": "Ada Lovelace",
                 *       "avatar_url": "https://example.com/ada.png",
                 *       "bio": "Poetical science",
                 *       "timezone": "Europe/London",
                 *       "locale": "en-GB",
                 *       "preferences": {
                 *         "theme": "dark"
                 *       },
                 *       "settings": {
                 *         "onboarded": true
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["UpdateProfileRequest"];
            };
        };
        responses: {
            /** @description The profile as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user_id": "019b76da-a800-7000-8000-000000000000",
                     *       "email": "ada@example.com",
                     *       "username": "ada",
                     *       "full_name": "Ada Lovelace",
                     *       "auth_provider": "local",
                     *       "is_active": true,
                     *       "is_verified": true,
                     *       "roles": [
                     *         "owner"
                     *       ],
                     *       "avatar_url": "https://example.com/ada.png",
                     *       "bio": "Poetical science",
                     *       "timezone": "Europe/London",
                     *       "locale": "en-GB",
                     *       "preferences": {
                     *         "theme": "dark"
                     *       },
                     *       "settings": {},
                     *       "created_at": "2026-01-01T12:00:00Z",
                     *       "updated_at": "2026-01-01T12:00:00Z",
                     *       "last_login": "2026-01-01T12:00:00Z",
                     *       "default_workspace_id": "019b76da-a800-7000-8000-000000000001",
                     *       "has_password": true
                     *     }
                     */
                    "application/json": components["schemas"]["ProfileResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The person does not belong to the organization, or there is none with this id.
             *     - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    change_email: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "current_password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["ChangeEmailRequest"];
            };
        };
        responses: {
            /** @description The address is changed. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example null */
                    "application/json": unknown;
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The account's email address is verified. A verified address can't be changed yet.
             *     - The account has no password that could be changed.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             *     - `email`: There is an account with this e-mail address.
             *     - `current_password`: The current password is another.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /**
             * @description - Too many current passwords were wrong (`limit_login_failures`, 10 a minute), or the account changed its address too often (`limit_mail`, 5 a minute).
             *     - More than 5 requests a minute (`limit_mail`) came from one address, counted together with the others that send mail.
             */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - More passwords wait to be checked than is good.
             *     - The database is away.
             */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "current_password": "correct horse battery staple",
                 *       "new_password": "seven lucky herons wade"
                 *     }
                 */
                "application/json": components["schemas"]["ChangePasswordRequest"];
            };
        };
        responses: {
            /** @description The password is changed. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example null */
                    "application/json": unknown;
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The account has no password that could be changed.
             *     - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             *     - `current_password`: The current password is another.
             *     - `new_password`: Value is too easy to guess: choose another password.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /**
             * @description - Too many current passwords were wrong (`limit_login_failures`, 10 a minute).
             *     - More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own.
             */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - More passwords wait to be checked than is good.
             *     - The database is away.
             */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: {
                /** @description How many items a page may have. */
                limit?: number;
                /** @description `next_cursor` of the page before; without it, the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "session_id": "019b76da-a800-7000-8000-000000000002",
                     *           "is_current": true,
                     *           "created_at": "2026-01-01T12:00:00Z",
                     *           "last_used_at": "2026-01-02T12:00:00Z",
                     *           "expires_at": "2026-01-16T12:00:00Z",
                     *           "network": "192.0.2.1",
                     *           "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)",
                     *           "last_network": "198.51.100.7",
                     *           "last_user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["SessionsResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A parameter is missing or wrong. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    end_other_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No other session goes on. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example null */
                    "application/json": unknown;
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description There is a body, which is not looked at, and it did not come to its end in time. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The session, as the list of sessions names it.
                 * @example 019b76da-a800-7000-8000-000000000002
                 */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session is ended. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example null */
                    "application/json": unknown;
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The person has no session with this id. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description There is a body, which is not looked at, and it did not come to its end in time. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    list_events: {
        parameters: {
            query?: {
                /** @description How many items a page may have. */
                limit?: number;
                /** @description `next_cursor` of the page before; without it, the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "event_id": "019b76da-a800-7000-8000-000000000003",
                     *           "kind": "logged_in",
                     *           "at": "2026-01-01T12:00:00Z",
                     *           "org_id": "019b76da-a800-7000-8000-000000000001",
                     *           "session_id": "019b76da-a800-7000-8000-000000000002",
                     *           "address": "192.0.2.1",
                     *           "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)",
                     *           "request_id": "019b76da-a800-7000-8000-000000000004"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["EventsResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A parameter is missing or wrong. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    list_orgs: {
        parameters: {
            query?: {
                /** @description How many items a page may have. */
                limit?: number;
                /** @description `next_cursor` of the page before; without it, the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "org_id": "019b76da-a800-7000-8000-000000000001",
                     *           "name": "Analytical Engines",
                     *           "kind": "shared",
                     *           "role": "owner",
                     *           "created_at": "2026-01-01T12:00:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["OrgsResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A parameter is missing or wrong. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    create_org: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Analytical Engines"
                 *     }
                 */
                "application/json": components["schemas"]["CreateOrgRequest"];
            };
        };
        responses: {
            /** @description The organization. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "org_id": "019b76da-a800-7000-8000-000000000001",
                     *       "name": "Analytical Engines",
                     *       "kind": "shared",
                     *       "role": "owner",
                     *       "created_at": "2026-01-01T12:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["OrgResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - This server lets only some users create organizations (`allow_org_creation`), or the user owns as many as users may (`max_orgs_per_account`).
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    get_org: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The organization. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "org_id": "019b76da-a800-7000-8000-000000000001",
                     *       "name": "Analytical Engines",
                     *       "kind": "shared",
                     *       "role": "owner",
                     *       "created_at": "2026-01-01T12:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["OrgResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The person belongs to no organization with this id. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    delete_org: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The organization is deleted. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example null */
                    "application/json": unknown;
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Only owners delete an organization.
             *     - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The person belongs to no organization with this id. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - There is a body, which is not looked at, and it did not come to its end in time.
             *     - `org_id`: A personal organization is neither shared nor deleted.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    update_org: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Difference Engines"
                 *     }
                 */
                "application/json": components["schemas"]["UpdateOrgRequest"];
            };
        };
        responses: {
            /** @description The organization. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "org_id": "019b76da-a800-7000-8000-000000000001",
                     *       "name": "Analytical Engines",
                     *       "kind": "shared",
                     *       "role": "owner",
                     *       "created_at": "2026-01-01T12:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["OrgResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Only owners and admins change an organization's name.
             *     - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The person belongs to no organization with this id. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    list_members: {
        parameters: {
            query?: {
                /** @description How many items a page may have. */
                limit?: number;
                /** @description `next_cursor` of the page before; without it, the first page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "user_id": "019b76da-a800-7000-8000-000000000006",
                     *           "username": "grace",
                     *           "full_name": "Grace Hopper",
                     *           "email": "grace@example.com",
                     *           "role": "member",
                     *           "joined_at": "2026-01-01T12:00:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["MembersResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The person belongs to no organization with this id. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A parameter is missing or wrong. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    remove_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
                /**
                 * @description The member.
                 * @example 019b76da-a800-7000-8000-000000000006
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person is no member. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example null */
                    "application/json": unknown;
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Only owners and admins take others out of an organization, and only owners take out owners.
             *     - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The person belongs to no organization with this id, or it has no such member. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - There is a body, which is not looked at, and it did not come to its end in time.
             *     - `user_id`: The organization would have no owner.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    update_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
                /**
                 * @description The member.
                 * @example 019b76da-a800-7000-8000-000000000006
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "admin"
                 *     }
                 */
                "application/json": components["schemas"]["UpdateMemberRequest"];
            };
        };
        responses: {
            /** @description The member has the role. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example null */
                    "application/json": unknown;
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Only owners and admins change roles, and only owners make and unmake owners.
             *     - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The person belongs to no organization with this id, or it has no such member. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             *     - `role`: The organization would have no owner.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    list_invites: {
        parameters: {
            query?: {
                /** @description How many items a page may have. */
                limit?: number;
                /** @description `next_cursor` of the page before; without it, the first page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "invite_id": "019b76da-a800-7000-8000-000000000005",
                     *           "email": "grace@example.com",
                     *           "role": "member",
                     *           "invited_by": "019b76da-a800-7000-8000-000000000000",
                     *           "created_at": "2026-01-01T12:00:00Z",
                     *           "expires_at": "2026-01-08T12:00:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["InvitesResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Only owners and admins see who is invited.
             *     - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The person belongs to no organization with this id. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A parameter is missing or wrong. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    create_invite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "grace@example.com",
                 *       "role": "member"
                 *     }
                 */
                "application/json": components["schemas"]["CreateInviteRequest"];
            };
        };
        responses: {
            /** @description The invite. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "invite_id": "019b76da-a800-7000-8000-000000000005",
                     *       "email": "grace@example.com",
                     *       "role": "member",
                     *       "invited_by": "019b76da-a800-7000-8000-000000000000",
                     *       "created_at": "2026-01-01T12:00:00Z",
                     *       "expires_at": "2026-01-08T12:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["InviteResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Only owners and admins invite, and only owners invite owners. An invite to a domain that is no longer allowed (`invite_domains`) is not sent again.
             *     - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The person belongs to no organization with this id. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             *     - `org_id`: A personal organization is neither shared nor deleted.
             *     - `email`: Somebody with this address is a member already.
             *     - `email`: Addresses of this domain can't be invited.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /**
             * @description - The caller has sent as many invitations today as an account may (`invites_per_account_per_day`), or the address has got as many as an address may (`invites_per_recipient_per_day`). Days are those of UTC.
             *     - More than 5 requests a minute (`limit_mail`) came from one address, counted together with the others that send mail.
             */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    revoke_invite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
                /**
                 * @description The invite.
                 * @example 019b76da-a800-7000-8000-000000000005
                 */
                invite_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invite is taken back. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example null */
                    "application/json": unknown;
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Only owners and admins take invites back.
             *     - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The person belongs to no organization with this id, or it has no such open invite. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description There is a body, which is not looked at, and it did not come to its end in time. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    resend_invite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
                /**
                 * @description The invite.
                 * @example 019b76da-a800-7000-8000-000000000005
                 */
                invite_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invite. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "invite_id": "019b76da-a800-7000-8000-000000000005",
                     *       "email": "grace@example.com",
                     *       "role": "member",
                     *       "invited_by": "019b76da-a800-7000-8000-000000000000",
                     *       "created_at": "2026-01-01T12:00:00Z",
                     *       "expires_at": "2026-01-08T12:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["InviteResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Only owners and admins invite, and only owners invite owners. An invite to a domain that is no longer allowed (`invite_domains`) is not sent again.
             *     - The email address of the account is not verified. Invitations always need that, and everything else where the operator requires it.
             *     - A browser sent the request for a page of another origin, which is not in `cors_origins`.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The person belongs to no organization with this id, or it has no such open invite. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description There is a body, which is not looked at, and it did not come to its end in time. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /**
             * @description - The caller has sent as many invitations today as an account may (`invites_per_account_per_day`), or the address has got as many as an address may (`invites_per_recipient_per_day`). Days are those of UTC.
             *     - More than 5 requests a minute (`limit_mail`) came from one address, counted together with the others that send mail.
             */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    accept_invite: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "dwi_AQEBlF1M…"
                 *     }
                 */
                "application/json": components["schemas"]["AcceptInviteRequest"];
            };
        };
        responses: {
            /** @description The organization. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "org_id": "019b76da-a800-7000-8000-000000000001",
                     *       "name": "Analytical Engines",
                     *       "kind": "shared",
                     *       "role": "owner",
                     *       "created_at": "2026-01-01T12:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["OrgResponse"];
                };
            };
            /** @description There is no access token, or it is wrong or has expired, or its session was ended. */
            401: {
                headers: {
                    /** @description How to authenticate (RFC 6750, section 3). */
                    "WWW-Authenticate": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A browser sent the request for a page of another origin, which is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body has more than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description - Fields are missing or wrong: all of them are listed, in their order.
             *     - The body is not JSON, or did not come to its end in time.
             *     - `token`: The invite is not valid any more.
             *     - `token`: The invite is for another address.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests a minute (`limit_other`) came from one address, counted together with all that have no limit of their own. */
            429: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description This server has a fault. It is in its log, under the request's `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is away. */
            503: {
                headers: {
                    /** @description When to try again, in seconds from now. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    get_jwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The public keys. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": [
                     *         {
                     *           "crv": "Ed25519",
                     *           "kty": "OKP",
                     *           "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                     *           "use": "sig",
                     *           "alg": "EdDSA",
                     *           "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["JwkSet"];
                };
            };
        };
    };
    get_liveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It lives. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
        };
    };
    get_readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Requests can be served. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready"
                     *     }
                     */
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
            /** @description Requests can't be served for now. `reason` is one of: `the database is away`, `the database can't be written to`, `the schema of the database is missing or too old`, `the database does not grant what the server needs`, `there is no key to sign with`, `the server is stopping`. The log has the details. Readiness returns without a restart once the cause is fixed; `Retry-After` says when to ask again. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "not ready",
                     *       "reason": "the database is away"
                     *     }
                     */
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
        };
    };
}
