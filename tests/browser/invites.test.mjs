// Invitations, and the ways to accept them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { says, stands } from "./expect.mjs";
import { confirmed, mailedLink } from "./mailbox.mjs";
import { newcomer, signedUp, signIn, signUp } from "./people.mjs";
import { stage } from "./stage.mjs";
import { createOrganization, invite } from "./team.mjs";

const here = stage();

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "" : ", without scripts";

  test(`invited user registers and joins${how}`, async (t) => {
    const [owner, guest] = [await here.visitor(t, { javaScriptEnabled }), await here.visitor(t, { javaScriptEnabled })];
    await confirmed(here, owner, "ann");
    const ben = newcomer("ben");
    await createOrganization(owner, "Engines");
    await invite(owner, ben.email, "Admin");
    await says(owner, "The invitation is on its way.");
    await says(owner, "Admin · expires");

    await guest.goto(await mailedLink(here, "/invite", ben.email));
    await says(guest, "to join Engines as Admin.");
    await guest.getByRole("link", { name: "Create an account and join" }).click();
    await says(guest, "to join Engines as Admin.");
    const address = guest.getByLabel("Email address");
    assert.equal(await address.inputValue(), ben.email);
    assert.equal(await address.isEditable(), false);
    const focused = await guest.getByLabel("Username").evaluate((field) => field === document.activeElement);
    assert.ok(focused, "the cursor is not in the first field to be filled in");
    await signUp(guest, ben);
    await says(guest, "Welcome to Engines!");
    await guest.getByText("current", { exact: true }).waitFor();
    await guest.goBack();
    await guest.goForward();
    await guest.getByText("current", { exact: true }).waitFor();
    assert.equal(await guest.getByText("Welcome to Engines!").count(), 0);
    await owner.reload();
    await says(owner, "There are no pending invitations.");
    await says(owner, ben.email);
  });

  test(`invited user with an account signs in and accepts${how}`, async (t) => {
    const [owner, guest] = [await here.visitor(t, { javaScriptEnabled }), await here.visitor(t, { javaScriptEnabled })];
    await confirmed(here, owner, "ann");
    const ben = await signedUp(guest, "ben");
    await guest.context().clearCookies();
    await createOrganization(owner, "Engines");
    await invite(owner, ben.email, "Member");

    const link = await mailedLink(here, "/invite", ben.email);
    await guest.goto(link);
    await guest.getByRole("link", { name: "Sign in and join" }).click();
    await signIn(guest, ben);
    await stands(guest, "/invite");
    await guest.getByRole("button", { name: "Accept invitation" }).click();
    await says(guest, "Welcome to Engines!");
    await guest.goto(link);
    await says(guest, "You are already a member of Engines");
    await guest.getByRole("link", { name: "Open organization" }).click();
    await says(guest, "Switch to this organization");
    // The invitation has verified the email address.
    await guest.goto("/account");
    await says(guest, "confirmed");
    assert.equal(await guest.getByText("not confirmed yet").count(), 0);
  });
}

test("user signed in with another address signs out and joins with the invited one", async (t) => {
  const [owner, guest] = [await here.visitor(t), await here.visitor(t)];
  await confirmed(here, owner, "ann");
  const eve = await signedUp(guest, "eve");
  const ben = newcomer("ben");
  await createOrganization(owner, "Engines");
  await invite(owner, ben.email, "Member");

  const link = await mailedLink(here, "/invite", ben.email);
  await guest.goto(link);
  await says(guest, `The invitation is for ${ben.email}, but you are signed in as ${eve.email}.`);
  assert.equal(await guest.getByRole("button", { name: "Accept invitation" }).count(), 0);
  await guest.getByRole("button", { name: "Sign out and continue" }).click();
  await stands(guest, "/invite");
  await guest.getByRole("link", { name: "Create an account and join" }).click();
  await signUp(guest, ben);
  await says(guest, "Welcome to Engines!");
});

test("resent invitation is valid by its newest link until it is withdrawn", async (t) => {
  const [owner, guest] = [await here.visitor(t), await here.visitor(t)];
  await confirmed(here, owner, "ann");
  const ben = newcomer("ben");
  await createOrganization(owner, "Engines");
  await invite(owner, ben.email, "Member");
  const first = await mailedLink(here, "/invite", ben.email);
  await owner.getByRole("button", { name: `Send again: ${ben.email}` }).click();
  await says(owner, "The invitation is on its way.");
  const link = await mailedLink(here, "/invite", ben.email, { after: first });
  await guest.goto(link);
  await says(guest, "to join Engines as Member.");
  await owner.getByRole("link", { name: `Withdraw: ${ben.email}` }).click();
  await owner.getByRole("button", { name: "Withdraw" }).click();
  await says(owner, "The invitation was withdrawn.");
  await guest.reload();
  await says(guest, "This invitation has expired or was already used");
});

test("member can't be invited again", async (t) => {
  const owner = await here.visitor(t);
  const ann = await confirmed(here, owner, "ann");
  await createOrganization(owner, "Engines");
  await invite(owner, ann.email, "Member");
  await says(owner, "This email address already belongs to a member.");
});
