// Organizations with members, for tests that start with one.
import assert from "node:assert/strict";
import { says } from "./expect.mjs";
import { confirm, confirmed, mailedToken } from "./mailbox.mjs";
import { send, signedUp } from "./people.mjs";

/** Creates an organization on the organizations page; the browser then shows its page. */
export async function createOrganization(page, name) {
  await page.goto("/account/organizations");
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create organization" }).click();
  await says(page, "The organization was created.");
}

/** Invites an email address on the page of an organization. */
export async function invite(page, email, role) {
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Role", { exact: true }).selectOption(role);
  await page.getByRole("button", { name: "Send invitation" }).click();
  await says(page, email);
}

/** Creates an organization with an owner, who sees its page, and a member. Returns its path and the users. */
export async function team(here, owner, member, role = "Member") {
  const [ann, ben] = [await confirmed(here, owner, "ann"), await signedUp(member, "ben")];
  await createOrganization(owner, "Engines");
  await invite(owner, ben.email, role);
  await says(owner, "The invitation is on its way.");
  await confirm(here, member, ben);
  await send(member, "/invite", { token: await mailedToken(here, "/invite", ben.email) });
  const { pathname } = new URL(owner.url());
  assert.match(pathname, /^[/]account[/]organizations[/][\w-]+$/);
  await owner.goto(pathname);
  return { path: pathname, ann, ben };
}
