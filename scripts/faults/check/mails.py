"""I4: exactly the acknowledged emails are delivered, and duplicates only if a fault explains them."""

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
            violations.append(("I4", f"two emails with one Message-ID differ, {mail_id}"))
    again = sum(len(copies) - 1 for copies in deliveries.values())
    if again > bounds.duplicates:
        violations.append(("I4", f"{again} emails were delivered twice, but faults explain only {bounds.duplicates}"))

    for mail in bounds.refused:
        distinct[mail["to"].lower(), mail["kind"]].add(mail["id"])
    due = expected(ledger)
    for key, (least, most) in due.items():
        came = len(distinct.get(key, ()))
        if came < least:
            violations.append(("I4", f"{came} emails {key[1]} were delivered to {key[0]}, but {least} are due"))
        if came > most:
            violations.append(("I4", f"{came} emails {key[1]} were delivered to {key[0]}, but at most {most} were requested"))
    for key in distinct.keys() - due.keys():
        violations.append(("I4", f"an email {key[1]} was delivered to {key[0]} without a request"))
    return violations


def expected(ledger):
    """Returns the least and greatest number of distinct emails by address and kind."""
    due = {}
    for email, account in ledger.accounts.items():
        key = email.lower()
        made = account.exists == "yes"
        if account.exists != "no" and not account.invited:
            # If the address is verified before the email is sent, none is sent.
            due[key, "verify_email"] = (int(made and not account.verified), 1)
        if account.forgot["acked"] or account.forgot["maybe"]:
            # A password change before the email is sent invalidates its link.
            certain = made and account.forgot["acked"] and not account.changes and not account.maybe_changes
            due[key, "reset_password"] = (int(bool(certain)), 1)
        if account.changes or account.maybe_changes:
            due[key, "password_changed"] = (account.changes, account.changes + account.maybe_changes)
    for email, invite in ledger.invites.items():
        due[email.lower(), "invite"] = (min(invite["acked"], 1), invite["acked"] + invite["maybe"])
    return due
