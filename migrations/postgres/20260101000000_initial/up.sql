CREATE TABLE orgs (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('personal', 'shared')),
    created_at timestamptz NOT NULL
);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL,
    email_key text NOT NULL UNIQUE,
    username text NOT NULL,
    username_key text NOT NULL UNIQUE,
    password_hash text,
    -- Incremented when the password changes, but not when it is rehashed.
    password_version integer NOT NULL,
    -- When, and from which network, a reset or a change set the password: that network is known for some days.
    password_set_at timestamptz,
    password_set_from text,
    -- Wrong passwords from the device on which the password was reset.
    device_failures integer NOT NULL DEFAULT 0,
    full_name text,
    avatar_url text,
    bio text,
    timezone text,
    locale text,
    -- JSON as text, so that it is returned as it was sent, and may contain \u0000, which jsonb can't.
    preferences text NOT NULL,
    settings text NOT NULL,
    verified_at timestamptz,
    disabled_at timestamptz,
    is_platform_admin boolean NOT NULL,
    -- Registered by a user who has not verified the email address yet.
    is_provisional boolean NOT NULL,
    default_org_id uuid REFERENCES orgs ON DELETE SET NULL,
    last_login_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE INDEX users_default_org ON users (default_org_id);

CREATE TABLE memberships (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    org_id uuid NOT NULL REFERENCES orgs ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    joined_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, org_id)
);

CREATE INDEX memberships_org ON memberships (org_id);

-- A refresh updates one row in place: it changes no indexed column, and pages reserve room for the new version
-- (heap-only tuples).
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    org_id uuid REFERENCES orgs ON DELETE SET NULL,
    generation integer NOT NULL,
    created_at timestamptz NOT NULL,
    rotated_at timestamptz NOT NULL,
    idle_expires_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    network text NOT NULL,
    user_agent text,
    last_network text NOT NULL,
    last_user_agent text,
    previous_network text NOT NULL,
    ended_at timestamptz,
    ended_reason text,
    -- Wrong passwords in this session, and from the device that it identifies.
    device_failures integer NOT NULL DEFAULT 0,
    CHECK ((ended_at IS NULL) = (ended_reason IS NULL))
) WITH (fillfactor = 80);

CREATE INDEX sessions_user_network ON sessions (user_id, network);
CREATE INDEX sessions_org ON sessions (org_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE one_time_tokens (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN ('verify_email', 'reset_password')),
    email text NOT NULL,
    counter integer NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- When the token with the previous counter expires, if it was not invalidated.
    former_expires_at timestamptz,
    used_at timestamptz,
    -- The messages that were sent, so that requests of other users can't flood a mailbox.
    latest_email_at timestamptz NOT NULL,
    hour_began_at timestamptz NOT NULL,
    emails_in_hour integer NOT NULL,
    -- In microseconds since 1970 on both databases.
    day_full_at bigint NOT NULL,
    UNIQUE (user_id, purpose)
);

CREATE TABLE invites (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES orgs ON DELETE CASCADE,
    email text NOT NULL,
    email_key text NOT NULL,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    invited_by uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    counter integer NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    revoked_at timestamptz
);

CREATE UNIQUE INDEX invites_pending ON invites (org_id, email_key)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invites_invited_by ON invites (invited_by);

CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    recipient text NOT NULL,
    subject text NOT NULL,
    token_row uuid,
    token_counter integer,
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    lane text NOT NULL CHECK (lane IN ('account', 'bulk')),
    -- The user or client that caused the message: messages of one sender must not delay those of others.
    sender text NOT NULL,
    -- Messages of a lane are sent in this order.
    turn_at timestamptz NOT NULL,
    is_tried boolean NOT NULL,
    attempts integer NOT NULL,
    sent_at timestamptz,
    failed_at timestamptz,
    last_error text,
    CHECK ((token_row IS NULL) = (token_counter IS NULL))
);

-- Messages that were never attempted are due, so the first row is the next message; some of the others must wait.
CREATE INDEX outbox_untried ON outbox (lane, turn_at, id)
    WHERE sent_at IS NULL AND failed_at IS NULL AND NOT is_tried;
CREATE INDEX outbox_tried ON outbox (lane, turn_at, id)
    WHERE sent_at IS NULL AND failed_at IS NULL AND is_tried;
CREATE INDEX outbox_due ON outbox (lane, due_at, id)
    WHERE sent_at IS NULL AND failed_at IS NULL AND is_tried;
CREATE INDEX outbox_sender ON outbox (lane, sender, turn_at)
    WHERE sent_at IS NULL AND failed_at IS NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;

-- The number of messages, or of changes of an account, per day or hour, for each key.
CREATE TABLE mail_allowances (
    key text NOT NULL,
    day timestamptz NOT NULL,
    used integer NOT NULL,
    PRIMARY KEY (day, key)
);

-- No foreign keys: audit events outlive what they describe.
CREATE TABLE audit_events (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    user_id uuid,
    org_id uuid,
    session_id uuid,
    address text NOT NULL,
    user_agent text,
    request_id text NOT NULL
);

CREATE INDEX audit_events_user ON audit_events (user_id, at);

CREATE TABLE signing_keys (
    kid text PRIMARY KEY,
    -- 1 for the first key, so that replicas that start at the same time create one key and not two.
    ordinal integer NOT NULL UNIQUE,
    algorithm text NOT NULL,
    public_key bytea NOT NULL,
    encrypted_private_key bytea NOT NULL,
    created_at timestamptz NOT NULL,
    activates_at timestamptz NOT NULL,
    expires_at timestamptz
);
