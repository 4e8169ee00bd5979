// What is done in organisations, and that it holds at the next click.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complainsAt, says, stands } from "./expect.mjs";
import { signedUp, unchecked } from "./people.mjs";
import { stage } from "./stage.mjs";
import { createOrganisation, team } from "./team.mjs";

const here = stage();

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "" : ", without scripts";

  test(`somebody works in another organisation, also with the next access token${how}`, async (t) => {
    const page = await here.visitor(t, { javaScriptEnabled });
    const ann = await signedUp(page, "ann");
    await createOrganisation(page, "Engines");
    await page.goto("/account/organisations");
    const engines = page.getByRole("listitem").filter({ hasText: "Engines" });
    assert.equal(await engines.getByText("You work here").count(), 0);
    await engines.getByRole("button", { name: "Work here: Engines" }).click();
    await says(page, "You work in this organisation now.");
    await engines.getByText("You work here").waitFor();
    assert.equal(await page.getByText("You work here", { exact: true }).count(), 1);

    await page.context().clearCookies({ name: "doorward-access" });
    await page.reload();
    await engines.getByText("You work here").waitFor();
    assert.equal(await page.getByText("You work here", { exact: true }).count(), 1);
    await says(page, ann.username);
  });
}

test("an organisation is made, renamed and left", async (t) => {
  const [owner, member] = [await here.visitor(t), await here.visitor(t)];
  const { path } = await team(here, owner, member);
  await unchecked(owner);
  await owner.getByLabel("Name").fill("");
  await owner.getByRole("button", { name: "Save" }).click();
  await complainsAt(owner, "Name", "Please fill this in.");
  await owner.getByLabel("Name").fill("Difference & Engines");
  await owner.getByRole("button", { name: "Save" }).click();
  await says(owner, "The organisation has a new name.");
  await owner.getByRole("heading", { level: 1, name: "Difference & Engines" }).waitFor();

  await owner.getByRole("button", { name: "Leave" }).click();
  await says(owner, "An organisation needs an owner.");
  await member.goto(path);
  await member.getByRole("button", { name: "Leave" }).click();
  await stands(member, "/account/organisations");
  await says(member, "You have left the organisation.");
  assert.equal(await member.getByText("Difference & Engines").count(), 0);
});

test("a role that was given holds at the next click", async (t) => {
  const [owner, member] = [await here.visitor(t), await here.visitor(t)];
  const { path, ben } = await team(here, owner, member);
  await member.goto(path);
  assert.equal(await member.getByRole("button", { name: "Send the invitation" }).count(), 0);

  const row = owner.getByRole("listitem").filter({ hasText: ben.email });
  await row.getByRole("combobox").selectOption("Admin");
  await row.getByRole("button", { name: "Change role" }).click();
  await says(owner, "The role was changed.");
  await member.reload();
  await member.getByRole("button", { name: "Send the invitation" }).waitFor();

  await row.getByRole("combobox").selectOption("Member");
  await row.getByRole("button", { name: "Change role" }).click();
  await says(owner, "The role was changed.");
  await member.getByLabel("Email address").fill("cleo@example.com");
  await member.getByRole("button", { name: "Send the invitation" }).click();
  await says(member, "You may not do that.");
});

test("who was removed is told at the next click", async (t) => {
  const [owner, member] = [await here.visitor(t), await here.visitor(t)];
  const { path, ben } = await team(here, owner, member);
  await member.goto(path);
  await owner.getByRole("button", { name: `Remove: ${ben.username}` }).click();
  await says(owner, "The member was removed.");
  await member.getByRole("button", { name: "Work here" }).click();
  await says(member, "You may not do that.");
  await member.goto(path);
  await says(member, "There is nothing at this address, or it is not yours.");
  await member.getByRole("link", { name: "Go to your account" }).click();
  await stands(member, "/account");
});
