"""I4: each mail that was acknowledged goes out, no other does, and twice only where a fault explains it."""

from collections import defaultdict


def check_mails(ledger, mails, bounds):
    violations = []
    deliveries = defaultdict(list)
    for mail in mails:
        deliveries[mail["id"]].append(mail)
    distinct = defaultdict(set)
    for mail_id, copies in deliveries.items():
        distinct[copies[0]["to"].lower(), copies[0]["kind"]].add(mail_id)
        if any((copy["to"], copy["text"]) != (copies[0]["to"], copies[0]["text"]) for copy in copies):
            violations.append(("I4", f"two mails say different things under one Message-ID, {mail_id}"))
    again = sum(len(copies) - 1 for copies in deliveries.values())
    if again > bounds.duplicates:
        violations.append(("I4", f"{again} mails came again, where faults explain {bounds.duplicates}"))

    for mail in bounds.refused:
        distinct[mail["to"].lower(), mail["kind"]].add(mail["id"])
    due = expected(ledger)
    for key, (least, most) in due.items():
        came = len(distinct.get(key, ()))
        if came < least:
            violations.append(("I4", f"{came} mails {key[1]} came to {key[0]}, and {least} are due"))
        if came > most:
            violations.append(("I4", f"{came} mails {key[1]} came to {key[0]}, and at most {most} were asked for"))
    for key in distinct.keys() - due.keys():
        violations.append(("I4", f"a mail {key[1]} came to {key[0]}, and nobody asked for it"))
    return violations


def expected(ledger):
    """How many different mails have to come, and how many may, by address and kind."""
    due = {}
    for email, account in ledger.accounts.items():
        key = email.lower()
        made = account.exists == "yes"
        if account.exists != "no" and not account.invited:
            # Whose address is verified by then needs no mail, and gets none.
            due[key, "verify_email"] = (int(made and not account.verified), 1)
        if account.forgot["acked"] or account.forgot["maybe"]:
            # A password that was changed before the mail went out voids its link.
            certain = made and account.forgot["acked"] and not account.changes and not account.maybe_changes
            due[key, "reset_password"] = (int(bool(certain)), 1)
        if account.changes or account.maybe_changes:
            due[key, "password_changed"] = (account.changes, account.changes + account.maybe_changes)
    for email, invite in ledger.invites.items():
        due[email.lower(), "invite"] = (min(invite["acked"], 1), invite["acked"] + invite["maybe"])
    return due
