// From an invitation to a membership, on each of the ways there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { says, stands } from "./expect.mjs";
import { confirm, mailedLink } from "./mailbox.mjs";
import { newcomer, signedUp, signIn, signUp } from "./people.mjs";
import { stage } from "./stage.mjs";
import { createOrganisation, invite } from "./team.mjs";

const here = stage();

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "" : ", without scripts";

  test(`a new person comes in through an invitation${how}`, async (t) => {
    const [owner, guest] = [await here.visitor(t, { javaScriptEnabled }), await here.visitor(t, { javaScriptEnabled })];
    await signedUp(owner, "ann");
    const ben = newcomer("ben");
    await createOrganisation(owner, "Engines");
    await invite(owner, ben.email, "Admin");
    await says(owner, "The invitation is on its way.");
    await says(owner, "Admin · open until");

    await guest.goto(await mailedLink(here, "/invite", ben.email));
    await says(guest, "to join Engines as Admin.");
    await guest.getByRole("link", { name: "Create an account and join" }).click();
    assert.equal(await guest.getByLabel("Email address").inputValue(), ben.email);
    await signUp(guest, ben);
    await says(guest, "Welcome! You are a member now.");
    await guest.getByRole("link", { name: "Organisations" }).click();
    await guest.getByRole("link", { name: "Engines" }).click();
    await says(guest, "You work here");
    await owner.reload();
    await says(owner, "Nobody is invited at the moment.");
    await says(owner, ben.email);
  });

  test(`somebody with an account signs in and accepts an invitation${how}`, async (t) => {
    const [owner, guest] = [await here.visitor(t, { javaScriptEnabled }), await here.visitor(t, { javaScriptEnabled })];
    await signedUp(owner, "ann");
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
    await says(guest, "Please confirm your email address first.");
    await confirm(here, guest, ben);
    await guest.goto(link);
    await guest.getByRole("button", { name: "Accept the invitation" }).click();
    await says(guest, "Welcome! You are a member now.");
    await guest.goto(link);
    await says(guest, "This invitation is not valid any more.");
  });
}

test("who is signed in with another address is told so, and comes back with the right one", async (t) => {
  const [owner, guest] = [await here.visitor(t), await here.visitor(t)];
  await signedUp(owner, "ann");
  const eve = await signedUp(guest, "eve");
  const ben = newcomer("ben");
  await createOrganisation(owner, "Engines");
  await invite(owner, ben.email, "Member");

  const link = await mailedLink(here, "/invite", ben.email);
  await guest.goto(link);
  await says(guest, `The invitation is for ${ben.email}, and you are signed in as ${eve.email}.`);
  assert.equal(await guest.getByRole("button", { name: "Accept the invitation" }).count(), 0);
  await guest.getByRole("button", { name: "Sign out" }).click();
  await stands(guest, "/sign-in");
  await guest.goto(link);
  await guest.getByRole("link", { name: "Create an account and join" }).click();
  await signUp(guest, ben);
  await says(guest, "Welcome! You are a member now.");
});

test("an invitation that was sent again is open by its newest mail, until it is withdrawn", async (t) => {
  const [owner, guest] = [await here.visitor(t), await here.visitor(t)];
  await signedUp(owner, "ann");
  const ben = newcomer("ben");
  await createOrganisation(owner, "Engines");
  await invite(owner, ben.email, "Member");
  const first = await mailedLink(here, "/invite", ben.email);
  await owner.getByRole("button", { name: `Send again: ${ben.email}` }).click();
  await says(owner, "The invitation is on its way.");
  const link = await mailedLink(here, "/invite", ben.email, { after: first });
  await guest.goto(link);
  await says(guest, "to join Engines as Member.");
  await owner.getByRole("button", { name: `Withdraw: ${ben.email}` }).click();
  await says(owner, "The invitation was withdrawn.");
  await guest.reload();
  await says(guest, "This invitation is not valid any more.");
});

test("a member can't be invited again", async (t) => {
  const owner = await here.visitor(t);
  const ann = await signedUp(owner, "ann");
  await createOrganisation(owner, "Engines");
  await invite(owner, ann.email, "Member");
  await says(owner, "Somebody with this address is a member already.");
});
