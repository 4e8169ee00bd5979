"""I1, I2, I3, and I7 in the database: acknowledged changes exist once, and no change is incomplete."""

HALVES = {
    "an account has no password": "SELECT id FROM users WHERE password_hash IS NULL",
    "an organization has no owner": "SELECT id FROM orgs WHERE NOT EXISTS "
    "(SELECT 1 FROM memberships WHERE org_id = orgs.id AND role = 'owner')",
    "a membership has no account or no organization": "SELECT user_id AS id FROM memberships WHERE NOT EXISTS "
    "(SELECT 1 FROM users WHERE users.id = user_id) OR NOT EXISTS (SELECT 1 FROM orgs WHERE orgs.id = org_id)",
    "a session has no account": "SELECT id FROM sessions WHERE NOT EXISTS (SELECT 1 FROM users WHERE users.id = user_id)",
    "a used invite has no member": "SELECT i.id FROM invites i WHERE accepted_at IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.org_id = i.org_id AND u.email_key = i.email_key)",
    "a used token set no password": "SELECT id FROM one_time_tokens t WHERE purpose = 'reset_password' AND used_at IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM audit_events a WHERE a.user_id = t.user_id AND a.kind = 'password_reset')",
    "an account has no organization": "SELECT id FROM users WHERE NOT EXISTS "
    "(SELECT 1 FROM memberships WHERE user_id = users.id)",
}


def check_rows(ledger, database, bounds):
    violations = [
        ("I7", f"{what}: {row['id']}") for what, statement in HALVES.items() for row in database.query(statement)
    ]
    for row in database.query("SELECT id FROM sessions WHERE ended_reason = 'token_reused'"):
        violations.append(("I3", f"session {row['id']} was ended for token reuse without an attack"))
    if not database.is_sound():
        violations.append(("I7", "the database's own check fails"))
    failed = database.query("SELECT count(*) AS count FROM outbox WHERE failed_at IS NOT NULL AND sent_at IS NULL")[0]["count"]
    if failed > len(bounds.refused):
        violations.append(("I4", f"{failed} emails failed, but only {len(bounds.refused)} were refused"))
    waiting = database.query("SELECT count(*) AS count FROM outbox WHERE failed_at IS NULL AND sent_at IS NULL")[0]["count"]
    if waiting:
        violations.append(("I4", f"{waiting} emails are still pending"))
    return violations + check_accounts(ledger, database)


def check_accounts(ledger, database):
    violations = []
    stored = {row["email"].lower(): row for row in database.query("SELECT email, password_version FROM users")}
    for email, account in ledger.accounts.items():
        row = stored.get(email.lower())
        if (account.exists == "yes" and row is None) or (account.exists == "no" and row is not None):
            violations.append(("I1", f"{email} {'is missing' if row is None else 'exists without a registration'}"))
        if row and not account.changes <= row["password_version"] - FIRST_VERSION <= account.changes + account.maybe_changes:
            violations.append(("I2", f"the password of {email} changed {row['password_version'] - FIRST_VERSION} times, "
                               f"but {account.changes} to {account.changes + account.maybe_changes} changes were requested"))
    ended = {row["id"] for row in database.query("SELECT id FROM sessions WHERE ended_at IS NOT NULL")}
    for account in ledger.accounts.values():
        for sid, session in account.sessions.items():
            if (session.alive == "yes" and sid.replace("-", "") in ended) or (
                session.alive == "no" and sid.replace("-", "") not in ended
            ):
                fate = "be active" if session.alive == "yes" else "have ended"
                violations.append(("I6", f"session {sid} of {account.email} should {fate}"))
    return violations


# The version of a password that was never changed.
FIRST_VERSION = 1
