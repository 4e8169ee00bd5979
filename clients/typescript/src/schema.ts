// Generated from docs/reference/openapi.json by scripts/api.sh.
export interface paths {
    "/v1/auth/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the public configuration
         * @description Returns what a sign-in page needs. Does not use the database.
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
         * Get an invite
         * @description For a sign-up page that was opened with the link of an invite. An invalid token returns `valid: false`, never an error.
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
         * Register
         * @description Creates the account, its personal organization as the default workspace, and a session, and sends a verification email. With an invite, the user joins the organization that invited them, which becomes the default workspace, and the email address counts as verified.
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
         * @description Creates a session in the user's default workspace.
         *
         *     After 100 consecutive failures, the password is only accepted from known devices: those that send the `Device-Token` of an earlier sign-in or of a password reset. A successful sign-in or a password reset clears the counter.
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
         * Exchange a refresh token for new tokens
         * @description Each refresh token can be used once. If it is used again within 10 seconds (`sessions.refresh_token_reuse_interval_seconds`), by a second tab or after a lost response, the same new refresh token is returned. If it is used later, it is treated as stolen, and the session is ended.
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
         * @description Ends the current session. Its access token and refresh token stop working immediately.
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
         * @description Each access token is for one organization, so two tabs can work in different organizations. The new token expires when the presented one does. The refresh token is unchanged; a refresh continues in the organization that the session was last in, and issues an access token with the full lifetime.
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
         * Verify an email address
         * @description A token that has already verified its email address succeeds again until it expires. This supports double clicks, and mail scanners that follow links.
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
         * Resend the verification email
         * @description The response and its timing are the same for every email address. If there is an active account whose address is not verified, it is sent an email, at most one per minute, five per hour, and 20 per day. Links that were sent before stay valid.
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
         * Request a password reset
         * @description The response and its timing are the same for every email address. If there is an active account, it is sent an email with a link, at most one per minute, five per hour, and 20 per day. The token in the link is valid for at least three hours, even if another one is requested in the meantime.
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
         * Reset a password
         * @description Ends every session, invalidates all other reset links of the account, and verifies the email address, because the link was sent there. The user is notified by email. If the new password is rejected, the token stays valid.
         *
         *     The account recognizes the client and its network for 14 days: send the `Device-Token` of the response with the sign-in, and failed attempts by other clients can't keep this client from signing in.
         *
         *     An account whose email address was not verified before may have been registered by a different user. Unless the request has a `Device-Token` of the account, the account's organizations, profile, and default workspace are discarded.
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
         * Get the current user
         * @description Returns the user that the access token is for, with their roles in the organization that the token is for.
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
         * Get the current user's profile
         * @description Returns the user, with the additional fields that a settings page needs.
         */
        get: operations["get_profile"];
        /**
         * Update the current user's profile
         * @description Updates the fields that the body has. Omitted fields keep their value, and `null` clears a field. `email` and `username` are ignored: to change the email address, use `PUT /v1/auth/me/email`; to change the password, use `PUT /v1/auth/me/password`.
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
         * @description Replaces an unverified email address, such as a mistyped one, and sends a verification email to the new address. Links that were sent to the previous address become invalid. Another spelling of the same address, such as in upper case, is not a change: the email is sent again, and the account keeps its spelling. This works even if the server requires a verified address. A verified address can't be changed.
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
         * Change the password
         * @description Ends every other session, and keeps the current session for at most one day. The user is notified by email.
         *
         *     Refresh right after this call: from then on, a copy of the previous refresh token ends the session instead of continuing it.
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
         * List sessions
         * @description Lists the user's active sessions, newest first.
         */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        /**
         * Revoke all other sessions
         * @description Ends all sessions of the user except the current one. Their tokens stop working immediately.
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
         * Revoke a session
         * @description Ends a session of the user, which may be the current one. Its tokens stop working immediately. If the session has already ended, the response is the same.
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
         * List security events
         * @description Lists sign-ins, failed sign-ins, password changes, and similar events of the user's account, newest first. Events are kept for one year.
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
         * List the current user's organizations
         * @description Lists the organizations that the user is a member of, newest first, with their role in each. To get an access token for one of them, call `POST /v1/auth/switch-org`.
         */
        get: operations["list_orgs"];
        put?: never;
        /**
         * Create an organization
         * @description Creates a shared organization, with the user as its owner. Existing access tokens stay valid for their own organization; to get one for the new organization, call `POST /v1/auth/switch-org`.
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
         * Get an organization
         * @description Returns an organization that the user is a member of, with their role in it.
         */
        get: operations["get_org"];
        put?: never;
        post?: never;
        /**
         * Delete an organization
         * @description Deletes an organization with its memberships and invites. Access tokens for it are rejected from then on; a refresh continues in another organization of the user. A personal organization can't be deleted.
         */
        delete: operations["delete_org"];
        options?: never;
        head?: never;
        /**
         * Rename an organization
         * @description Changes the name of an organization. Personal organizations can be renamed, too.
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
         * @description Lists the members of the organization, newest account first. Only owners and admins see email addresses.
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
         * Remove a member
         * @description Removes a user from an organization. Every member can remove themselves, which is how a user leaves an organization. The removed user's access tokens for the organization are rejected from then on; a refresh continues in another organization of the user.
         */
        delete: operations["remove_member"];
        options?: never;
        head?: never;
        /**
         * Change a member's role
         * @description Changes a member's role. The new role applies from the member's next request on, whatever their access token says. Only owners can grant or remove the owner role.
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
         * List the invites of an organization
         * @description Lists the invites that have not been used or revoked, newest first. Expired invites are included, because they can be resent.
         */
        get: operations["list_invites"];
        put?: never;
        /**
         * Invite a user
         * @description Sends a link to an email address. The link is valid for seven days and for one use: the recipient registers with it, or signs in with that address and joins with `POST /v1/auth/accept-invite`. An email address has at most one open invite per organization: inviting it again renews that invite and invalidates the previous link. An invite can't be used once its sender may no longer invite. Personal organizations can't have invites. The caller's email address must be verified.
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
         * Revoke an invite
         * @description Invalidates the invite and its link.
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
         * Resend an invite
         * @description Sends a new link, which is valid for seven days, and invalidates the previous link. The invite may have expired. The caller becomes the sender of the invite, so their email address must be verified.
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
         * Accept an invite
         * @description Makes the user a member of the organization that invited their email address. The token was sent to that address, so an unverified address becomes verified. If the user is already a member, the response is the same, and their role does not change. To get an access token for the organization, call `POST /v1/auth/switch-org`.
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
         * Get the public keys of access tokens
         * @description A JWK Set (RFC 7517), for services that verify access tokens themselves. It can be cached for five minutes, because each key is published before it is used to sign.
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
         * Liveness probe
         * @description Does not check the database, because a restart can't fix an unavailable database.
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
         * Readiness probe
         * @description For load balancers and orchestrators. One statement checks that the database is reachable and accepts writes, that its schema matches this version, and that the server has the privileges that it needs; with SQLite, that the file is writable. The server is also not ready while it is stopping, or if it has no key to sign access tokens with. The mail server and Redis are not checked, because requests are served without them.
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
             * @description The invite token: `token` in the link of the invite email.
             * @example dwi_AQEBlF1M…
             */
            token: string;
        };
        /** @description A new pair of tokens, and the user that they are for. */
        AuthResponse: components["schemas"]["TokenResponse"] & {
            user: components["schemas"]["UserResponse"];
        };
        ChangeEmailRequest: {
            /**
             * Format: email
             * @description The new email address. Must be unique; case is ignored.
             * @example ada@example.com
             */
            email: string;
            /**
             * Format: password
             * @description The current password of the account.
             * @example correct horse battery staple
             */
            current_password: string;
        };
        ChangePasswordRequest: {
            /**
             * Format: password
             * @description The current password.
             * @example correct horse battery staple
             */
            current_password: string;
            /**
             * Format: password
             * @description The new password. Common passwords and the account's email address and username are rejected.
             * @example seven lucky herons wade
             */
            new_password: string;
        };
        /** @description The public configuration, for sign-in pages. */
        ConfigResponse: {
            /** @description Whether users can register without an invite. */
            allow_registration: boolean;
        };
        CreateInviteRequest: {
            /**
             * Format: email
             * @description The email address to invite. The email with the link is sent to it.
             * @example grace@example.com
             */
            email: string;
            /**
             * @description The role that the user will have.
             * @example member
             * @enum {string}
             */
            role: "owner" | "admin" | "member";
        };
        CreateOrgRequest: {
            /**
             * @description The name of the organization. Names need not be unique.
             * @example Analytical Engines
             */
            name: string;
        };
        /** @description Details of the error. Fields that don't apply are omitted. */
        ErrorDetails: {
            /**
             * @description The reason that a refresh token was rejected.
             * @enum {string}
             */
            reason?: "token_invalid" | "token_expired" | "token_reused" | "session_revoked";
            /**
             * @description The missing permission, as `resource:action`.
             * @example org:access
             */
            required_permission?: string;
            /**
             * @description The maximum size of a body, in bytes.
             * @example 65536
             */
            limit_bytes?: number;
            /**
             * Format: int64
             * @description The number of seconds to wait before retrying.
             * @example 60
             */
            retry_after?: number;
        };
        /** @description The body of every error response except validation errors. */
        ErrorResponse: {
            /**
             * @description The error code. Programs should base decisions on it and on the status.
             * @enum {string}
             */
            error: "AUTHENTICATION_FAILED" | "FORBIDDEN" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "PAYLOAD_TOO_LARGE" | "RATE_LIMIT_EXCEEDED" | "INTERNAL_SERVER_ERROR" | "SERVICE_UNAVAILABLE";
            /**
             * @description What happened, in words that can be shown to the user.
             * @example You are not signed in, or your session has ended: sign in and try again
             */
            message: string;
            details: components["schemas"]["ErrorDetails"];
            /**
             * @description When the error happened: in UTC, without a time zone, with microseconds.
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
        /** @description A security event of an account. */
        EventResponse: {
            /**
             * Format: uuid
             * @description The ID of the event.
             */
            event_id: string;
            /**
             * @description The kind of event. Later versions may add kinds.
             * @example registered
             * @example imported
             * @example logged_in
             * @example login_failed
             * @example device_forgotten
             * @example logged_out
             * @example refresh_token_reuse_detected
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
             * @example password_set_by_operator
             * @example platform_admin_granted
             * @example platform_admin_revoked
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
             * @description When the event happened.
             */
            at: string;
            /**
             * Format: uuid
             * @description The organization that the event happened in, if any.
             */
            org_id: string | null;
            /**
             * Format: uuid
             * @description The session that the event happened in, if any.
             */
            session_id: string | null;
            /** @description The IP address of the client. */
            address: string;
            /** @description The `User-Agent` header of the request. */
            user_agent: string | null;
            /** @description The `X-Request-Id` of the request; prefixed with `client:` if the client chose it. */
            request_id: string;
        };
        /** @description A page of events. */
        EventsResponse: {
            /** @description The events, newest first. */
            items: components["schemas"]["EventResponse"][];
            /**
             * Format: uuid
             * @description The cursor of the next page; `null` on the last page.
             */
            next_cursor: string | null;
        };
        ForgotPasswordRequest: {
            /**
             * Format: email
             * @description The email address of the account.
             * @example ada@example.com
             */
            email: string;
        };
        /** @description All validation errors of a request, in the order of its fields. */
        HTTPValidationError: {
            detail: components["schemas"]["ValidationError"][];
        };
        /** @description The liveness or readiness of the server. */
        HealthResponse: {
            /** @description `ok` or `ready`; `not ready` with 503. */
            status: string;
            /** @description Why the server is not ready. */
            reason?: string;
        };
        /** @description An invite, as shown on a sign-up page. */
        InviteInfoResponse: {
            /** @description The email address that the invite is for; empty if the server does not know the invite. */
            email: string;
            /**
             * @description Whether the invite can be used: it exists, has not been used or revoked, and has not expired, and
             *     its sender may still invite.
             */
            valid: boolean;
        };
        /** @description An open invite: it has not been used or revoked. */
        InviteResponse: {
            /**
             * Format: uuid
             * @description The ID of the invite.
             */
            invite_id: string;
            /**
             * Format: email
             * @description The email address that the invite is for.
             */
            email: string;
            /**
             * @description The role of the user in the organization.
             * @enum {string}
             */
            role: "owner" | "admin" | "member";
            /**
             * Format: uuid
             * @description The user who last sent the invite. It can't be used once they may no longer invite.
             */
            invited_by: string;
            /**
             * Format: date-time
             * @description When the invite was last sent.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the invite expires.
             */
            expires_at: string;
        };
        /** @description A page of invites. */
        InvitesResponse: {
            /** @description The invites, newest first. */
            items: components["schemas"]["InviteResponse"][];
            /**
             * Format: uuid
             * @description The cursor of the next page; `null` on the last page.
             */
            next_cursor: string | null;
        };
        /** @description A public key (RFC 7517, section 4; RFC 8037, section 2). */
        Jwk: {
            /** @description The key type. */
            kty: string;
            /** @description The curve. */
            crv: string;
            /** @description The public key, or its x coordinate. */
            x: string;
            /** @description The y coordinate of the public key, if the key type has one. */
            y?: string;
            /** @description Always `sig`. */
            use: string;
            /** @description The signature algorithm of the tokens. */
            alg: string;
            /** @description The key ID: the thumbprint of the key (RFC 7638). */
            kid: string;
        };
        /** @description A JSON Web Key Set (RFC 7517, section 5). */
        JwkSet: {
            /** @description The public keys of access tokens, identified by `kid`, in no particular order. */
            keys: components["schemas"]["Jwk"][];
        };
        /** @description The name of a field, or a position. */
        LocationPart: string | number;
        LoginRequest: {
            /**
             * @description The username or the email address.
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
        /** @description A member of an organization. */
        MemberResponse: {
            /**
             * Format: uuid
             * @description The ID of the user.
             */
            user_id: string;
            /** @description The username. */
            username: string;
            /** @description The full name. */
            full_name: string | null;
            /**
             * Format: email
             * @description The email address; `null` unless the caller may list the invites of the organization.
             */
            email: string | null;
            /**
             * @description The role of the user in the organization.
             * @enum {string}
             */
            role: "owner" | "admin" | "member";
            /**
             * Format: date-time
             * @description When the user became a member.
             */
            joined_at: string;
        };
        /** @description A page of members. */
        MembersResponse: {
            /** @description The members, newest account first. */
            items: components["schemas"]["MemberResponse"][];
            /**
             * Format: uuid
             * @description The cursor of the next page; `null` on the last page.
             */
            next_cursor: string | null;
        };
        /** @description An organization that the user is a member of. */
        OrgResponse: {
            /**
             * Format: uuid
             * @description The ID of the organization.
             */
            org_id: string;
            /** @description The name of the organization. */
            name: string;
            /**
             * @description `personal`: the user's own organization, created with the account; or `shared`.
             * @enum {string}
             */
            kind: "personal" | "shared";
            /**
             * @description The role of the user in the organization.
             * @enum {string}
             */
            role: "owner" | "admin" | "member";
            /**
             * Format: date-time
             * @description When the organization was created.
             */
            created_at: string;
        };
        /** @description A page of organizations. */
        OrgsResponse: {
            /** @description The organizations, newest first. */
            items: components["schemas"]["OrgResponse"][];
            /**
             * Format: uuid
             * @description The cursor of the next page; `null` on the last page.
             */
            next_cursor: string | null;
        };
        /** @description The current user, with the additional fields that a settings page needs. */
        ProfileResponse: components["schemas"]["UserResponse"] & {
            /** @description Whether the account has a password, which can be changed. */
            has_password: boolean;
        };
        RefreshRequest: {
            /**
             * @description The refresh token. This request consumes it.
             * @example dwr_AQEBlF1M…
             */
            refresh_token: string;
            /** @description The organization of the new access token. Defaults to the one that the session was last in. */
            org_id?: string | null;
        };
        RegisterRequest: {
            /**
             * Format: email
             * @description The email address. Must be unique; case is ignored.
             * @example ada@example.com
             */
            email: string;
            /**
             * @description The name to sign in with. Must be unique; case is ignored.
             * @example ada
             */
            username: string;
            /**
             * Format: password
             * @description The password. Common passwords and the account's email address and username are rejected.
             * @example correct horse battery staple
             */
            password: string;
            /**
             * @description The user's full name, as they write it.
             * @example Ada Lovelace
             */
            full_name?: string | null;
            /** @description The token of an invite for this email address: `token` in the link of the invite email. */
            invite_token?: string | null;
        };
        ResendVerificationRequest: {
            /**
             * Format: email
             * @description The email address of the account.
             * @example ada@example.com
             */
            email: string;
        };
        ResetPasswordRequest: {
            /**
             * @description `token` in the link of the email. It is valid for at least three hours and for one use.
             * @example dwp_AQEBlF1M…
             */
            token: string;
            /**
             * Format: password
             * @description The new password. Common passwords and the account's email address and username are rejected.
             * @example seven lucky herons wade
             */
            new_password: string;
        };
        /** @description An active session. */
        SessionResponse: {
            /**
             * Format: uuid
             * @description The ID of the session, which is `sid` in its access tokens.
             */
            session_id: string;
            /** @description Whether this is the session of the request. */
            is_current: boolean;
            /**
             * Format: date-time
             * @description When the user signed in.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the session was last refreshed, or created.
             */
            last_used_at: string;
            /**
             * Format: date-time
             * @description When the session expires unless it is refreshed.
             */
            expires_at: string;
            /** @description The IP address that the user signed in from; for IPv6, its /64 network. */
            network: string;
            /** @description The `User-Agent` header of the sign-in. */
            user_agent: string | null;
            /** @description The IP address of the last refresh; for IPv6, its /64 network. */
            last_network: string;
            /** @description The `User-Agent` header of the last refresh. */
            last_user_agent: string | null;
        };
        /** @description A page of sessions. */
        SessionsResponse: {
            /** @description The sessions, newest first. */
            items: components["schemas"]["SessionResponse"][];
            /**
             * Format: uuid
             * @description The cursor of the next page; `null` on the last page.
             */
            next_cursor: string | null;
        };
        SwitchOrgRequest: {
            /**
             * @description The ID of an organization that the user is a member of.
             * @example 019b76da-a800-7000-8000-000000000001
             */
            org_id: string;
        };
        /** @description An access token for another organization. */
        SwitchOrgResponse: {
            /** @description The access token: a JWT, for `Authorization: Bearer`. */
            access_token: string;
            /** @description Always `bearer`. */
            token_type: string;
            /**
             * Format: int64
             * @description The lifetime of the access token in seconds: the remaining lifetime of the presented one.
             */
            expires_in: number;
            /**
             * Format: uuid
             * @description The organization that the access token is for.
             */
            org_id: string;
        };
        /** @description A new pair of tokens (RFC 6749, section 5.1). */
        TokenResponse: {
            /** @description The access token: a JWT, for `Authorization: Bearer`. */
            access_token: string;
            /** @description The refresh token, for one use with `POST /v1/auth/refresh`. */
            refresh_token: string;
            /** @description Always `bearer`. */
            token_type: string;
            /**
             * Format: int64
             * @description The lifetime of the access token in seconds.
             */
            expires_in: number;
        };
        UpdateMemberRequest: {
            /**
             * @description The new role of the member.
             * @example admin
             * @enum {string}
             */
            role: "owner" | "admin" | "member";
        };
        UpdateOrgRequest: {
            /**
             * @description The new name of the organization.
             * @example Difference Engines
             */
            name: string;
        };
        UpdateProfileRequest: {
            /**
             * @description The user's full name, as they write it.
             * @example Ada Lovelace
             */
            full_name?: string | null;
            /**
             * Format: uri
             * @description The URL of the user's picture: an `http` or `https` URL.
             * @example https://example.com/ada.png
             */
            avatar_url?: string | null;
            /**
             * @description A short text about the user.
             * @example Poetical science
             */
            bio?: string | null;
            /**
             * @description A name in the IANA time zone database.
             * @example Europe/London
             */
            timezone?: string | null;
            /**
             * @description A language tag (BCP 47).
             * @example en-GB
             */
            locale?: string | null;
            /**
             * @description The user's preferences: any object of at most 16 KiB, replaced as a whole.
             * @example {
             *       "theme": "dark"
             *     }
             */
            preferences?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description The client's own data about the user: any object of at most 16 KiB, replaced as a whole.
             * @example {
             *       "onboarded": true
             *     }
             */
            settings?: {
                [key: string]: unknown;
            } | null;
            /** @description The organization that new sessions start in. The user must be a member. */
            default_workspace_id?: string | null;
        };
        /** @description The current user. */
        UserResponse: {
            /**
             * Format: uuid
             * @description The ID of the user, which is `sub` in access tokens.
             */
            user_id: string;
            /** @description The email address in its normalized form: the domain is lowercase and in Unicode. */
            email: string;
            /** @description The username, with its case preserved. */
            username: string;
            /** @description The user's full name, as they write it. */
            full_name: string | null;
            /** @description The provider that checks the password: `local` is this server. */
            auth_provider: string;
            /** @description Whether the account is enabled. */
            is_active: boolean;
            /** @description Whether the email address is verified. */
            is_verified: boolean;
            /**
             * @description The role in the organization that the access token is for (`owner`, `admin`, or `member`), and
             *     `platform_admin` if it was granted.
             */
            roles: string[];
            /** @description The URL of the user's picture. */
            avatar_url: string | null;
            /** @description A short text about the user. */
            bio: string | null;
            /** @description A name in the IANA time zone database. */
            timezone: string | null;
            /** @description A language tag (BCP 47). */
            locale: string | null;
            /** @description The user's preferences, as they were sent. */
            preferences: {
                [key: string]: unknown;
            };
            /** @description The client's own data about the user, as it was sent. */
            settings: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description When the account was created.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the account or the profile was last changed.
             */
            updated_at: string;
            /**
             * Format: date-time
             * @description When the user last signed in.
             */
            last_login: string | null;
            /**
             * Format: uuid
             * @description The organization that new sessions start in.
             */
            default_workspace_id: string | null;
        };
        /** @description A validation error of a request. */
        ValidationError: {
            /**
             * @description The type of the error. Programs should base decisions on it, and can show their own message for it.
             * @enum {string}
             */
            type: "missing" | "json_invalid" | "model_attributes_type" | "string_type" | "string_too_short" | "string_too_long" | "string_pattern_mismatch" | "dict_type" | "int_parsing" | "greater_than_equal" | "less_than_equal" | "uuid_parsing" | "enum" | "value_error" | "already_exists" | "password_incorrect" | "password_too_common" | "invite_invalid" | "invite_email_mismatch" | "already_member" | "domain_not_allowed" | "last_owner" | "personal_org" | "timezone_unknown" | "locale_invalid" | "url_invalid" | "too_large";
            /** @description The location of the error: `body`, `query`, `path`, or `header`, then the field or the position in the body. */
            loc: components["schemas"]["LocationPart"][];
            /** @description What is wrong, in words that can be shown to the user. */
            msg: string;
            /** @description The value that was sent, or the object that lacks the field; `null` if it is or contains a secret. */
            input: unknown;
            /** @description The parameters of the violated rule, if the type has any. */
            ctx?: {
                [key: string]: unknown;
            };
        };
        VerifyEmailRequest: {
            /**
             * @description `token` in the link of the email. It is valid for 24 hours.
             * @example dwv_AQEBlF1M…
             */
            token: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The ID of the request, which is also in the server's log: the request's own if well-formed, else generated. */
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
            /** @description The public configuration. */
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
            /** @description Reserved: the v1 API lists this status here, but this server does not return it. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A browser sent the request from a page of an origin that is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Reserved: the v1 API lists this status here, but this server does not return it. */
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
                 * @description The invite token: `token` in the link of the invite email.
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
            /** @description The email address that the invite is for, and whether the invite can be used. */
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
            /** @description Reserved: the v1 API lists this status here, but this server does not return it. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A browser sent the request from a page of an origin that is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A parameter is missing or invalid. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The tokens and the user. */
            200: {
                headers: {
                    /** @description Identifies this client as known to the account at later sign-ins. Store it, even after a sign-out, and send it with each sign-in. It grants no access. */
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
            /** @description Reserved: the v1 API lists this status here, but this server does not return it. */
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
             * @description - Registration is closed, and the request has no invite.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
             *     - `email`: An account with this email address already exists.
             *     - `username`: This username is not available: choose another one.
             *     - `password`: Value is too easy to guess: choose another password.
             *     - `invite_token`: This invite is no longer valid: ask for a new one.
             *     - `email`: This invite is for another email address: register with that address.
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
            /** @description More than 10 requests per minute (`rate_limits_register_per_minute`) came from one IP address. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
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
             * @description - The password-hashing queue is full.
             *     - The database is unavailable.
             */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                 * @description The `Device-Token` of this client's last sign-in, registration, or password reset. With it, failed attempts by other clients on the account do not count against this client. An invalid token is ignored.
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
            /** @description The tokens and the user. */
            200: {
                headers: {
                    /** @description Identifies this client as known to the account at later sign-ins. Store it, even after a sign-out, and send it with each sign-in. It grants no access. */
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
            /** @description There is no account with this username or email address, or the password is incorrect. Neither the response nor its timing reveals which. */
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
             *     - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
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
             * @description - Too many incorrect passwords for this account (`rate_limits.login_failures_per_minute`, 10 per minute). Known devices and networks have their own limits, and every other network has two attempts per minute that no other network can use up.
             *     - More than 20 requests per minute (`rate_limits_login_per_minute`) came from one IP address.
             */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
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
             * @description - The password-hashing queue is full.
             *     - The database is unavailable.
             */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The new pair of tokens. */
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
             * @description - The refresh token was not issued by this server, or its session no longer exists.
             *     - The session was idle for too long, or has reached its maximum lifetime.
             *     - A refresh token of this session was used again after the reuse interval. It may have been stolen, so the session was ended.
             *     - The session was ended by a sign-out, a password change, or an administrator.
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
             * @description - The user is not a member of the organization, or there is no organization with this ID.
             *     - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
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
            /** @description More than 60 requests per minute (`rate_limits_refresh_per_minute`) came from one IP address. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The session was ended. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
            /** @description A browser sent the request from a page of an origin that is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body is larger than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The request has a body, which is ignored, and it was not received in time. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - The user is not a member of the organization, or there is no organization with this ID.
             *     - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
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
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The email address is verified. */
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
            /** @description The token was not issued by this server, has expired, was superseded by a newer one, or is for an email address that is no longer the account's. */
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
            /** @description A browser sent the request from a page of an origin that is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
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
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The request was accepted. */
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
            /** @description Reserved: the v1 API lists this status here, but this server does not return it. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A browser sent the request from a page of an origin that is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
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
            /** @description More than 5 requests per minute (`rate_limits_mail_per_minute`) came from one IP address, counted together with the other endpoints that send email. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The request was accepted. */
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
            /** @description Reserved: the v1 API lists this status here, but this server does not return it. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A browser sent the request from a page of an origin that is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
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
            /** @description More than 5 requests per minute (`rate_limits_mail_per_minute`) came from one IP address, counted together with the other endpoints that send email. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                 * @description The `Device-Token` of this client's last sign-in, registration, or password reset. With it, failed attempts by other clients on the account do not count against this client. An invalid token is ignored.
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
            /** @description The password was changed. */
            200: {
                headers: {
                    /** @description Identifies this client as known to the account at later sign-ins. Store it, even after a sign-out, and send it with each sign-in. It grants no access. */
                    "Device-Token": string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example null */
                    "application/json": unknown;
                };
            };
            /** @description The token was not issued by this server, has expired, or was used or invalidated. */
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
            /** @description A browser sent the request from a page of an origin that is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
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
             * @description - Too many new passwords were sent with reset links of this account (10 per minute).
             *     - More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own.
             */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
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
             * @description - The password-hashing queue is full.
             *     - The database is unavailable.
             */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
            /** @description A browser sent the request from a page of an origin that is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Reserved: the v1 API lists this status here, but this server does not return it. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description Reserved: the v1 API lists this status here, but this server does not return it. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The updated profile. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - The user is not a member of the organization, or there is no organization with this ID.
             *     - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
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
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The email address was changed. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             *     - The account has no password to change.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
             *     - `email`: An account with this email address already exists.
             *     - `current_password`: The current password is incorrect.
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
             * @description - Too many incorrect current passwords (`rate_limits.login_failures_per_minute`, 10 per minute), or more than 10 correct or incorrect ones per minute, or the account changed its email address too often (`rate_limits.mail_per_minute`, 5 per minute; and 3 changes per day), or too many changes invalidated links to the former address (3 per day).
             *     - More than 5 requests per minute (`rate_limits_mail_per_minute`) came from one IP address, counted together with the other endpoints that send email.
             */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
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
             * @description - The password-hashing queue is full.
             *     - The database is unavailable.
             */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The password was changed. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - The account has no password to change.
             *     - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
             *     - `current_password`: The current password is incorrect.
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
             * @description - Too many incorrect current passwords (`rate_limits.login_failures_per_minute`, 10 per minute), or more than 10 correct or incorrect ones per minute; or too many changes invalidated links to the email address (3 per day).
             *     - More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own.
             */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
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
             * @description - The password-hashing queue is full.
             *     - The database is unavailable.
             */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                /** @description The maximum number of items in the page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page; omit it for the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of sessions. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description A parameter is missing or invalid. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description All other sessions were ended. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The body is larger than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The request has a body, which is ignored, and it was not received in time. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                 * @description The ID of the session, from the list of sessions.
                 * @example 019b76da-a800-7000-8000-000000000002
                 */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session was ended. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The user has no session with this ID. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body is larger than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The request has a body, which is ignored, and it was not received in time. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                /** @description The maximum number of items in the page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page; omit it for the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description A parameter is missing or invalid. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                /** @description The maximum number of items in the page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page; omit it for the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of organizations. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description A parameter is missing or invalid. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - The operator lets only some users create organizations (`organizations.allow_creation`), or the user owns the maximum number of organizations (`organizations.max_per_account`).
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
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
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                 * @description The ID of the organization.
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The user is not a member of an organization with this ID. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                 * @description The ID of the organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The organization was deleted. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - Only owners can delete an organization.
             *     - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The user is not a member of an organization with this ID. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body is larger than 64 KiB. */
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
             * @description - The request has a body, which is ignored, and it was not received in time.
             *     - `org_id`: A personal organization can't be shared or deleted: create another organization.
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
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                 * @description The ID of the organization.
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - Only owners and admins can rename an organization.
             *     - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The user is not a member of an organization with this ID. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
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
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                /** @description The maximum number of items in the page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page; omit it for the first page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The ID of the organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of members. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The user is not a member of an organization with this ID. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A parameter is missing or invalid. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                 * @description The ID of the organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
                /**
                 * @description The ID of the member's user.
                 * @example 019b76da-a800-7000-8000-000000000006
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user is no longer a member. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - Only owners and admins can remove other members, and only owners can remove owners.
             *     - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The caller is not a member of an organization with this ID, or it has no such member. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body is larger than 64 KiB. */
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
             * @description - The request has a body, which is ignored, and it was not received in time.
             *     - `user_id`: The organization would have no owner: make another member an owner first.
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
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                 * @description The ID of the organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
                /**
                 * @description The ID of the member's user.
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - Only owners and admins can change roles, and only owners can grant or remove the owner role.
             *     - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The caller is not a member of an organization with this ID, or it has no such member. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
             *     - `role`: The organization would have no owner: make another member an owner first.
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
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                /** @description The maximum number of items in the page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page; omit it for the first page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The ID of the organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of invites. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - Only owners and admins can list invites.
             *     - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The user is not a member of an organization with this ID. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description A parameter is missing or invalid. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                 * @description The ID of the organization.
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - Only owners and admins can invite, and only owners can invite owners. An invite to a domain that is no longer allowed (`invites.domains`) can't be resent.
             *     - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The user is not a member of an organization with this ID. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
             *     - `org_id`: A personal organization can't be shared or deleted: create another organization.
             *     - `email`: A user with this email address is already a member.
             *     - `email`: Email addresses of this domain can't be invited: use an address of another domain.
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
             * @description - The caller has sent the maximum number of invites today (`invites.per_account_per_day`), or the email address has received the maximum number for today (`invites.per_recipient_per_day`). Days are in UTC.
             *     - More than 5 requests per minute (`rate_limits_mail_per_minute`) came from one IP address, counted together with the other endpoints that send email.
             */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                 * @description The ID of the organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
                /**
                 * @description The ID of the invite.
                 * @example 019b76da-a800-7000-8000-000000000005
                 */
                invite_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invite was revoked. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - Only owners and admins can revoke invites.
             *     - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The caller is not a member of an organization with this ID, or it has no such open invite. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body is larger than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The request has a body, which is ignored, and it was not received in time. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
                 * @description The ID of the organization.
                 * @example 019b76da-a800-7000-8000-000000000001
                 */
                org_id: string;
                /**
                 * @description The ID of the invite.
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
             * @description - Only owners and admins can invite, and only owners can invite owners. An invite to a domain that is no longer allowed (`invites.domains`) can't be resent.
             *     - The email address of the account is not verified. Sending invites always requires a verified address; other requests require one only if the operator has set `require_verified_email`.
             *     - A browser sent the request from a page of an origin that is not in `cors_origins`.
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
            /** @description The caller is not a member of an organization with this ID, or it has no such open invite. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body is larger than 64 KiB. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The request has a body, which is ignored, and it was not received in time. */
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
             * @description - The caller has sent the maximum number of invites today (`invites.per_account_per_day`), or the email address has received the maximum number for today (`invites.per_recipient_per_day`). Days are in UTC.
             *     - More than 5 requests per minute (`rate_limits_mail_per_minute`) came from one IP address, counted together with the other endpoints that send email.
             */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The access token is missing, invalid, or expired, or its session was ended. */
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
            /** @description A browser sent the request from a page of an origin that is not in `cors_origins`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The body is larger than 64 KiB. */
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
             * @description - Fields are missing or invalid. All of them are listed, in the order of the fields.
             *     - The body is not valid JSON, or was not received in time.
             *     - `token`: This invite is no longer valid: ask for a new one.
             *     - `token`: This invite is for another email address: sign in with the account of that address.
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
            /** @description More than 600 requests per minute (`rate_limits_default_per_minute`) came from one IP address, counted together with all endpoints without a limit of their own. */
            429: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
                    "Retry-After": number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The database is unavailable. */
            503: {
                headers: {
                    /** @description The number of seconds to wait before retrying. */
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
            /** @description The process is running. */
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
            /** @description The server can serve requests. */
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
            /** @description The server can't serve requests at the moment. `reason` is one of: `the database is unavailable`, `the database can't be written to`, `the schema of the database is missing or too old`, `the database does not grant the privileges that the server needs`, `there is no key to sign with`, `the server is stopping`. The server's log has the details. The server becomes ready again without a restart once the cause is fixed; `Retry-After` gives the number of seconds to wait before checking again. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "not ready",
                     *       "reason": "the database is unavailable"
                     *     }
                     */
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
        };
    };
}
