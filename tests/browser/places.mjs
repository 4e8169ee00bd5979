// Every page in each state that looks different, with the user who sees it and how to open it.

const nowhere = "/account/organizations/00000000-0000-7000-8000-000000000000";
const notes = "I count on engines. ".repeat(8);

/** A page when it is opened. */
const at = (who, path) => ({ who, path });
/** A page after its form was submitted with these fields, without validation by the browser. */
const sent = (who, path, fields, form = "main form", choice) => ({ who, path, fields, form, choice });

export const places = {
  "sign-in": at("visitor", "/sign-in"),
  "sign-in-notice": sent("visitor", "/verify-email/resend", { email: "ann@example.com" }),
  "sign-in-refused": sent("visitor", "/sign-in", { username: "ann", password: "wrong" }),
  "sign-up": at("visitor", "/sign-up"),
  "sign-up-errors": sent("visitor", "/sign-up", { email: "ann@", username: "ann lee", full_name: "Ann Lee", password: "tiny" }),
  "sign-up-password": { ...at("visitor", "/sign-up"), typed: { password: "twelve letters" } },
  "sign-up-password-common": { ...at("visitor", "/sign-up"), typed: { password: "qwertyuiopasdfgh" } },
  "forgot-password": at("visitor", "/forgot-password"),
  "forgot-password-error": sent("visitor", "/forgot-password", { email: "ann@" }),
  "forgot-password-sent": sent("visitor", "/forgot-password", { email: "ann@example.com" }),
  "reset-password": at("visitor", "resetOfMember"),
  "reset-password-refused": sent("visitor", "resetOfMember", { new_password: "password" }),
  "reset-password-dead": at("visitor", "/reset-password?token=dwp_used"),
  "verify-email": at("visitor", "verifyOfGuest"),
  "verify-email-own": at("guest", "verifyOfGuest"),
  "verify-email-refused": sent("visitor", "verifyOfGuest", { current_password: "wrong" }),
  "verify-email-not-me": at("visitor", "disownOfGuest"),
  "verify-email-not-me-dead": at("visitor", "/verify-email/not-me?token=dwv_used"),
  "verify-email-dead": at("visitor", "/verify-email?token=dwv_used"),
  "verify-email-done": at("owner", "/verify-email?token=dwv_used"),
  "verify-email-resend": at("visitor", "/verify-email/resend"),
  "verify-email-resend-own": at("guest", "/verify-email/resend"),
  "change-email": at("guest", "/verify-email/change"),
  "change-email-errors": sent("guest", "/verify-email/change", { email: "cleo@", current_password: "wrong" }),
  "invite-new-person": at("visitor", "inviteOfNewcomer"),
  "invite-account": at("visitor", "inviteOfGuest"),
  "invite-accept": at("guest", "inviteOfGuest"),
  "invite-joined": at("admin", "inviteOfAdmin"),
  "sign-up-invited": at("visitor", "signUpOfNewcomer"),
  "sign-up-taken": sent("visitor", "/sign-up", { email: "ann@example.com", username: "ann2", password: "correct horse battery staple" }),
  "invite-other-account": at("member", "inviteOfGuest"),
  "invite-invalid": at("visitor", "/invite?token=dwi_used"),
  "sign-out": at("owner", "/sign-out"),
  "not-found": at("owner", nowhere),
  "account-new": sent("guest", "/verify-email/resend", {}),
  account: at("owner", "/account"),
  "account-errors": sent("owner", "/account", { full_name: "Ann", bio: notes, timezone: "Europe/Nowhere" }),
  password: at("owner", "/account/password"),
  "password-errors": sent("owner", "/account/password", { current_password: "wrong", new_password: "correct horse battery" }),
  sessions: at("guest", "/account/sessions"),
  "sessions-many": at("owner", "/account/sessions"),
  "organizations-one": at("guest", "/account/organizations"),
  organizations: at("owner", "/account/organizations"),
  "organizations-error": sent("owner", "/account/organizations", { name: "" }, "main section form"),
  "organization-personal": at("guest", "personalOfGuest"),
  organization: at("owner", "engines"),
  "organization-error": sent("owner", "engines", { email: "ann@" }, "main section.card form"),
  "organization-rename-error": sent("owner", "engines", { name: "" }, "form.row:has([name=name])"),
  "organization-role-refused": sent("owner", "engines", {}, "form[action$=role]:has(option[value=owner][selected])", "member"),
  "organization-delete": at("owner", "delete"),
  "organization-delete-error": sent("owner", "delete", { name: "Engines" }),
  "member-remove": at("owner", "remove"),
  "organization-leave": at("member", "leave"),
  "invitation-withdraw": at("owner", "withdraw"),
  "sessions-end-others": at("owner", "/account/sessions/others"),
  "organization-admin": at("admin", "engines"),
  "organization-member": at("member", "long"),
  "organization-long": at("owner", "long"),
};

/** Opens a place. `paths` has the paths that only the server knows. */
export async function come(page, { path, fields, form, choice, typed }, paths) {
  await page.goto(paths[path] ?? path);
  for (const [name, value] of Object.entries(typed ?? {})) await page.locator(`[name=${name}]`).fill(value);
  if (typed?.password) await page.locator(".strength.judged:not(.asking)").waitFor();
  if (!fields) return;
  const target = page.locator(form).first();
  await target.evaluate((target) => (target.noValidate = true));
  for (const [name, value] of Object.entries(fields)) await target.locator(`[name=${name}]`).fill(value);
  if (choice) await target.locator("select").selectOption(choice);
  const answered = page.waitForEvent("load");
  await target.locator("button:not([type=button])").click();
  await answered;
}
