-- IDs are the 16 bytes of a UUID, and times are microseconds since 1970 in UTC.

CREATE TABLE orgs (
    id BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('personal', 'shared')),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id BLOB PRIMARY KEY NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    password_hash TEXT,
    -- Incremented when the password changes, but not when it is rehashed.
    password_version INTEGER NOT NULL,
    -- When, and from which network, a reset or a change set the password: that network is known for some days.
    password_set_at INTEGER,
    password_set_from TEXT,
    -- Wrong passwords from the device on which the password was reset.
    device_failures INTEGER NOT NULL DEFAULT 0,
    full_name TEXT,
    avatar_url TEXT,
    bio TEXT,
    timezone TEXT,
    locale TEXT,
    -- JSON as text, so that it is returned as it was sent.
    preferences TEXT NOT NULL,
    settings TEXT NOT NULL,
    verified_at INTEGER,
    disabled_at INTEGER,
    is_platform_admin INTEGER NOT NULL,
    -- Registered by a user who has not verified the email address yet.
    is_provisional INTEGER NOT NULL,
    default_org_id BLOB REFERENCES orgs (id) ON DELETE SET NULL,
    last_login_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX users_default_org ON users (default_org_id);

CREATE TABLE memberships (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    org_id BLOB NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, org_id)
) STRICT;

CREATE INDEX memberships_org ON memberships (org_id);

CREATE TABLE sessions (
    id BLOB PRIMARY KEY NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    org_id BLOB REFERENCES orgs (id) ON DELETE SET NULL,
    generation INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    rotated_at INTEGER NOT NULL,
    idle_expires_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    network TEXT NOT NULL,
    user_agent TEXT,
    last_network TEXT NOT NULL,
    last_user_agent TEXT,
    previous_network TEXT NOT NULL,
    ended_at INTEGER,
    ended_reason TEXT,
    -- Wrong passwords in this session, and from the device that it identifies.
    device_failures INTEGER NOT NULL DEFAULT 0,
    CHECK ((ended_at IS NULL) = (ended_reason IS NULL))
) STRICT;

CREATE INDEX sessions_user_network ON sessions (user_id, network);
CREATE INDEX sessions_org ON sessions (org_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE one_time_tokens (
    id BLOB PRIMARY KEY NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('verify_email', 'reset_password')),
    email TEXT NOT NULL,
    counter INTEGER NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- When the token with the previous counter expires, if it was not invalidated.
    former_expires_at INTEGER,
    used_at INTEGER,
    -- The messages that were sent, so that requests of other users can't flood a mailbox.
    latest_email_at INTEGER NOT NULL,
    hour_began_at INTEGER NOT NULL,
    emails_in_hour INTEGER NOT NULL,
    -- In microseconds since 1970 on both databases.
    day_full_at INTEGER NOT NULL,
    UNIQUE (user_id, purpose)
) STRICT;

CREATE TABLE invites (
    id BLOB PRIMARY KEY NOT NULL,
    org_id BLOB NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    invited_by BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    counter INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    accepted_at INTEGER,
    revoked_at INTEGER
) STRICT;

CREATE UNIQUE INDEX invites_pending ON invites (org_id, email_key)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invites_invited_by ON invites (invited_by);

CREATE TABLE outbox (
    id BLOB PRIMARY KEY NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    token_row BLOB,
    token_counter INTEGER,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lane TEXT NOT NULL CHECK (lane IN ('account', 'bulk')),
    -- The user or client that caused the message: messages of one sender must not delay those of others.
    sender TEXT NOT NULL,
    -- Messages of a lane are sent in this order.
    turn_at INTEGER NOT NULL,
    is_tried INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    sent_at INTEGER,
    failed_at INTEGER,
    last_error TEXT,
    CHECK ((token_row IS NULL) = (token_counter IS NULL))
) STRICT;

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
    key TEXT NOT NULL,
    day INTEGER NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (day, key)
) STRICT;

-- No foreign keys: audit events outlive what they describe.
CREATE TABLE audit_events (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    user_id BLOB,
    org_id BLOB,
    session_id BLOB,
    address TEXT NOT NULL,
    user_agent TEXT,
    request_id TEXT NOT NULL
) STRICT;

CREATE INDEX audit_events_user ON audit_events (user_id, at);

CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY NOT NULL,
    -- 1 for the first key, so that replicas that start at the same time create one key and not two.
    ordinal INTEGER NOT NULL UNIQUE,
    algorithm TEXT NOT NULL,
    public_key BLOB NOT NULL,
    encrypted_private_key BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    activates_at INTEGER NOT NULL,
    expires_at INTEGER
) STRICT;
