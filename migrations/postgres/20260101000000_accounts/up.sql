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
    -- Moves on when the password is changed, and not when its hash is renewed.
    password_version integer NOT NULL,
    -- When and from which network it was set by a reset or a change: that network is known for some days.
    password_set_at timestamptz,
    password_set_from text,
    -- Wrong passwords from the device that it was reset on.
    device_failures integer NOT NULL DEFAULT 0,
    full_name text,
    avatar_url text,
    bio text,
    timezone text,
    locale text,
    -- JSON as text: it comes back as it was sent, and may hold \u0000, which jsonb can't.
    preferences text NOT NULL,
    settings text NOT NULL,
    verified_at timestamptz,
    disabled_at timestamptz,
    is_platform_admin boolean NOT NULL,
    -- Registered by a user who has not shown yet that the address is theirs.
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

-- A refresh updates one row in place: no indexed column moves, and pages keep room for the new
-- version (heap-only tuples).
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
    -- Wrong passwords from it, and from the device that is known by it.
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
    -- When the token with the counter before ends, if it was not invalidated.
    former_expires_at timestamptz,
    used_at timestamptz,
    -- The emails that went out, so that requests of other people do not fill a mailbox.
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
    -- Who caused it: the others' messages are not to wait for all of theirs.
    sender text NOT NULL,
    -- In this order messages of a lane go out.
    turn_at timestamptz NOT NULL,
    is_tried boolean NOT NULL,
    attempts integer NOT NULL,
    sent_at timestamptz,
    parked_at timestamptz,
    last_error text,
    CHECK ((token_row IS NULL) = (token_counter IS NULL))
);

-- What was never tried is due, so the first of these is the next one; of the others, some have to wait.
CREATE INDEX outbox_untried ON outbox (lane, turn_at, id)
    WHERE sent_at IS NULL AND parked_at IS NULL AND NOT is_tried;
CREATE INDEX outbox_tried ON outbox (lane, turn_at, id)
    WHERE sent_at IS NULL AND parked_at IS NULL AND is_tried;
CREATE INDEX outbox_due ON outbox (lane, due_at, id)
    WHERE sent_at IS NULL AND parked_at IS NULL AND is_tried;
CREATE INDEX outbox_sender ON outbox (lane, sender, turn_at)
    WHERE sent_at IS NULL AND parked_at IS NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;

-- How many messages were caused on a day, for what each key stands for.
CREATE TABLE mail_allowances (
    key text NOT NULL,
    day timestamptz NOT NULL,
    used integer NOT NULL,
    PRIMARY KEY (day, key)
);

-- No foreign keys: the trail outlives what it tells of.
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
    -- 1 for the first key, so that replicas that start together make one and not two.
    ordinal integer NOT NULL UNIQUE,
    algorithm text NOT NULL,
    public_key bytea NOT NULL,
    sealed_private_key bytea NOT NULL,
    created_at timestamptz NOT NULL,
    activates_at timestamptz NOT NULL,
    expires_at timestamptz
);
