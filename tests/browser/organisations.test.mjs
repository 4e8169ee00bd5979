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
    await says(page, "You work in this organization now.");
    await stands(page, "/account/organisations");
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
  await says(owner, "The organization has a new name.");
  await owner.getByRole("heading", { level: 1, name: "Difference & Engines" }).waitFor();

  await says(owner, "because you are the only owner.");
  assert.equal(await owner.getByRole("link", { name: "Leave" }).count(), 0);
  await member.goto(path);
  await member.getByRole("link", { name: "Leave" }).click();
  await member.getByRole("heading", { name: "Leave Difference & Engines?" }).waitFor();
  await member.getByRole("button", { name: "Leave" }).click();
  await stands(member, "/account/organisations");
  await says(member, "You have left the organization.");
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
  await owner.getByRole("link", { name: `Remove: ${ben.username}` }).click();
  await owner.getByRole("button", { name: "Remove" }).click();
  await says(owner, "The member was removed.");
  await member.getByRole("button", { name: "Work here" }).click();
  await says(member, "You may not do that.");
  await member.goto(path);
  await says(member, "There is nothing at this address, or it is not yours.");
  await member.getByRole("link", { name: "Go to your account" }).click();
  await stands(member, "/account");
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "" : ", without scripts";

  test(`nothing is destroyed by one click, and what is safe is at hand${how}`, async (t) => {
    const [owner, member] = [await here.visitor(t, { javaScriptEnabled }), await here.visitor(t)];
    const { path, ben } = await team(here, owner, member);
    const row = owner.getByRole("listitem").filter({ hasText: ben.email });
    const change = await row.getByRole("button", { name: "Change role" }).boundingBox();
    const remove = await row.getByRole("link", { name: "Remove" }).boundingBox();
    assert.ok(remove.x - (change.x + change.width) > 100, "removing is beside changing the role");
    await row.getByRole("link", { name: "Remove" }).click();
    await owner.getByRole("heading", { name: `Remove ${ben.username} from Engines?` }).waitFor();
    await says(owner, `${ben.username} (${ben.email}) loses access to Engines at once.`);
    // Who only presses Enter changes nothing.
    await owner.keyboard.press("Enter");
    await stands(owner, path);
    await row.getByRole("link", { name: "Remove" }).click();
    await owner.getByRole("button", { name: "Remove" }).click();
    await says(owner, "The member was removed.");
    assert.equal(await row.count(), 0);
  });

  test(`the last owner deletes an organisation by typing its name${how}`, async (t) => {
    const page = await here.visitor(t, { javaScriptEnabled });
    await signedUp(page, "ann");
    await createOrganisation(page, "Engines");
    await page.getByRole("button", { name: "Work here" }).click();
    await says(page, "You work in this organization now.");
    await page.getByRole("heading", { level: 1, name: "Engines" }).waitFor();
    await page.getByRole("link", { name: "Delete organization" }).click();
    const label = "To confirm, type the name: Engines";
    await page.getByLabel(label).fill("Engine");
    await page.getByRole("button", { name: "Delete organization" }).click();
    await complainsAt(page, label, "This is not the name of the organization.");
    await page.getByLabel(label).fill("engines");
    await page.getByRole("button", { name: "Delete organization" }).click();
    await says(page, "The organization was deleted.");
    assert.equal(await page.getByText("Engines").count(), 0);
  });
}

test("what was refused is said where the form is", async (t) => {
  const [owner, member] = [await here.visitor(t), await here.visitor(t)];
  const { ann } = await team(here, owner, member);
  const row = owner.getByRole("listitem").filter({ hasText: ann.email });
  await row.getByRole("combobox").selectOption("Member");
  await row.getByRole("button", { name: "Change role" }).click();
  const alert = owner.locator("#members").getByRole("alert");
  await alert.filter({ hasText: "An organization needs an owner." }).waitFor();
  assert.ok(await alert.evaluate((alert) => alert === document.activeElement));
  assert.equal(await owner.getByRole("alert").count(), 1);
});
