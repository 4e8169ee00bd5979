// From an invitation to a membership, on each of the ways there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { says, stands } from "./expect.mjs";
import { confirmed, mailedLink } from "./mailbox.mjs";
import { newcomer, signedUp, signIn, signUp } from "./people.mjs";
import { stage } from "./stage.mjs";
import { createOrganisation, invite } from "./team.mjs";

const here = stage();

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "" : ", without scripts";

  test(`a new person comes in through an invitation${how}`, async (t) => {
    const [owner, guest] = [await here.visitor(t, { javaScriptEnabled }), await here.visitor(t, { javaScriptEnabled })];
    await confirmed(here, owner, "ann");
    const ben = newcomer("ben");
    await createOrganisation(owner, "Engines");
    await invite(owner, ben.email, "Admin");
    await says(owner, "The invitation is on its way.");
    await says(owner, "Admin · open until");

    await guest.goto(await mailedLink(here, "/invite", ben.email));
    await says(guest, "to join Engines as Admin.");
    await guest.getByRole("link", { name: "Create an account and join" }).click();
    await says(guest, "to join Engines as Admin.");
    const address = guest.getByLabel("Email address");
    assert.equal(await address.inputValue(), ben.email);
    assert.equal(await address.isEditable(), false);
    const focused = await guest.getByLabel("User name").evaluate((field) => field === document.activeElement);
    assert.ok(focused, "the cursor is not in the first field to be filled in");
    await signUp(guest, ben);
    await says(guest, "Welcome to Engines!");
    await says(guest, "You work here");
    await guest.goBack();
    await guest.goForward();
    await says(guest, "You work here");
    assert.equal(await guest.getByText("Welcome to Engines!").count(), 0);
    await owner.reload();
    await says(owner, "Nobody is invited at the moment.");
    await says(owner, ben.email);
  });

  test(`somebody with an account signs in and accepts an invitation${how}`, async (t) => {
    const [owner, guest] = [await here.visitor(t, { javaScriptEnabled }), await here.visitor(t, { javaScriptEnabled })];
    await confirmed(here, owner, "ann");
    const ben = await signedUp(guest, "ben");
    await guest.context().clearCookies();
    await createOrganisation(owner, "Engines");
    await invite(owner, ben.email, "Member");

    const link = await mailedLink(here, "/invite", ben.email);
    await guest.goto(link);
    await guest.getByRole("link", { name: "Sign in and join" }).click();
    await signIn(guest, ben);
    await stands(guest, "/invite");
    await guest.getByRole("button", { name: "Accept the invitation" }).click();
    await says(guest, "Welcome to Engines!");
    await guest.goto(link);
    await says(guest, "You are already a member of Engines");
    await guest.getByRole("link", { name: "Open the organization" }).click();
    await says(guest, "Work here");
    // The mail was read, so the address is theirs.
    await guest.goto("/account");
    await says(guest, "confirmed");
    assert.equal(await guest.getByText("not confirmed yet").count(), 0);
  });
}

test("who is signed in with another address is told so, and comes back with the right one", async (t) => {
  const [owner, guest] = [await here.visitor(t), await here.visitor(t)];
  await confirmed(here, owner, "ann");
  const eve = await signedUp(guest, "eve");
  const ben = newcomer("ben");
  await createOrganisation(owner, "Engines");
  await invite(owner, ben.email, "Member");

  const link = await mailedLink(here, "/invite", ben.email);
  await guest.goto(link);
  await says(guest, `The invitation is for ${ben.email}, and you are signed in as ${eve.email}.`);
  assert.equal(await guest.getByRole("button", { name: "Accept the invitation" }).count(), 0);
  await guest.getByRole("button", { name: "Sign out and continue" }).click();
  await stands(guest, "/invite");
  await guest.getByRole("link", { name: "Create an account and join" }).click();
  await signUp(guest, ben);
  await says(guest, "Welcome to Engines!");
});

test("an invitation that was sent again is open by its newest mail, until it is withdrawn", async (t) => {
  const [owner, guest] = [await here.visitor(t), await here.visitor(t)];
  await confirmed(here, owner, "ann");
  const ben = newcomer("ben");
  await createOrganisation(owner, "Engines");
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

test("a member can't be invited again", async (t) => {
  const owner = await here.visitor(t);
  const ann = await confirmed(here, owner, "ann");
  await createOrganisation(owner, "Engines");
  await invite(owner, ann.email, "Member");
  await says(owner, "Somebody with this address is a member already.");
});
