// Organisations with members, where a test begins with some.
import assert from "node:assert/strict";
import { says } from "./expect.mjs";
import { confirm, confirmed, mailedToken } from "./mailbox.mjs";
import { send, signedUp } from "./people.mjs";

/** Makes an organisation by its page, which is shown then. */
export async function createOrganisation(page, name) {
  await page.goto("/account/organisations");
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create an organization" }).click();
  await says(page, "The organization was created.");
}

/** Invites somebody on the page of an organisation. */
export async function invite(page, email, role) {
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Role", { exact: true }).selectOption(role);
  await page.getByRole("button", { name: "Send the invitation" }).click();
  await says(page, email);
}

/** An organisation of the owner's, whose page is shown, with another member. Answers its path and the people. */
export async function team(here, owner, member, role = "Member") {
  const [ann, ben] = [await confirmed(here, owner, "ann"), await signedUp(member, "ben")];
  await createOrganisation(owner, "Engines");
  await invite(owner, ben.email, role);
  await says(owner, "The invitation is on its way.");
  await confirm(here, member, ben);
  await send(member, "/invite", { token: await mailedToken(here, "/invite", ben.email) });
  const { pathname } = new URL(owner.url());
  assert.match(pathname, /^[/]account[/]organisations[/][\w-]+$/);
  await owner.goto(pathname);
  return { path: pathname, ann, ben };
}
