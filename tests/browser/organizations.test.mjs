// Organizations and their members.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complainsAt, says, stands } from "./expect.mjs";
import { signedUp, unchecked } from "./people.mjs";
import { stage } from "./stage.mjs";
import { createOrganization, team } from "./team.mjs";

const here = stage();

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "" : ", without scripts";

  test(`switched organization is kept by the next access token${how}`, async (t) => {
    const page = await here.visitor(t, { javaScriptEnabled });
    const ann = await signedUp(page, "ann");
    await createOrganization(page, "Engines");
    await page.goto("/account/organizations");
    const engines = page.getByRole("listitem").filter({ hasText: "Engines" });
    assert.equal(await engines.getByText("current", { exact: true }).count(), 0);
    await engines.getByRole("button", { name: "Switch to this organization: Engines" }).click();
    await says(page, "You switched to this organization.");
    await stands(page, "/account/organizations");
    await engines.getByText("current", { exact: true }).waitFor();
    assert.equal(await page.getByText("current", { exact: true }).count(), 1);

    await page.context().clearCookies({ name: "doorward-access" });
    await page.reload();
    await engines.getByText("current", { exact: true }).waitFor();
    assert.equal(await page.getByText("current", { exact: true }).count(), 1);
    await says(page, ann.username);
  });
}

test("organization is created, renamed, and left", async (t) => {
  const [owner, member] = [await here.visitor(t), await here.visitor(t)];
  const { path } = await team(here, owner, member);
  await unchecked(owner);
  await owner.getByLabel("Name").fill("");
  await owner.getByRole("button", { name: "Save" }).click();
  await complainsAt(owner, "Name", "Please fill in this field.");
  await owner.getByLabel("Name").fill("Difference & Engines");
  await owner.getByRole("button", { name: "Save" }).click();
  await says(owner, "The organization was renamed.");
  await owner.getByRole("heading", { level: 1, name: "Difference & Engines" }).waitFor();

  await says(owner, "because you are the only owner.");
  assert.equal(await owner.getByRole("link", { name: "Leave" }).count(), 0);
  await member.goto(path);
  await member.getByRole("link", { name: "Leave" }).click();
  await member.getByRole("heading", { name: "Leave Difference & Engines?" }).waitFor();
  await member.getByRole("button", { name: "Leave" }).click();
  await stands(member, "/account/organizations");
  await says(member, "You have left the organization.");
  assert.equal(await member.getByText("Difference & Engines").count(), 0);
});

test("new role applies to the next click", async (t) => {
  const [owner, member] = [await here.visitor(t), await here.visitor(t)];
  const { path, ben } = await team(here, owner, member);
  await member.goto(path);
  assert.equal(await member.getByRole("button", { name: "Send invitation" }).count(), 0);

  const row = owner.getByRole("listitem").filter({ hasText: ben.email });
  await row.getByRole("combobox").selectOption("Admin");
  await row.getByRole("button", { name: "Change role" }).click();
  await says(owner, "The role was changed.");
  await member.reload();
  await member.getByRole("button", { name: "Send invitation" }).waitFor();

  await row.getByRole("combobox").selectOption("Member");
  await row.getByRole("button", { name: "Change role" }).click();
  await says(owner, "The role was changed.");
  await member.getByLabel("Email address").fill("cleo@example.com");
  await member.getByRole("button", { name: "Send invitation" }).click();
  await says(member, "You don't have permission to do this.");
});

test("removed member loses access at the next click", async (t) => {
  const [owner, member] = [await here.visitor(t), await here.visitor(t)];
  const { path, ben } = await team(here, owner, member);
  await member.goto(path);
  await owner.getByRole("link", { name: `Remove: ${ben.username}` }).click();
  await owner.getByRole("button", { name: "Remove" }).click();
  await says(owner, "The member was removed.");
  await member.getByRole("button", { name: "Switch to this organization" }).click();
  await says(member, "You don't have permission to do this.");
  await member.goto(path);
  await says(member, "This page doesn't exist, or you don't have access to it.");
  await member.getByRole("link", { name: "Go to your account" }).click();
  await stands(member, "/account");
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "" : ", without scripts";

  test(`removing a member requires confirmation, and Enter cancels${how}`, async (t) => {
    const [owner, member] = [await here.visitor(t, { javaScriptEnabled }), await here.visitor(t)];
    const { path, ben } = await team(here, owner, member);
    const row = owner.getByRole("listitem").filter({ hasText: ben.email });
    const change = await row.getByRole("button", { name: "Change role" }).boundingBox();
    const remove = await row.getByRole("link", { name: "Remove" }).boundingBox();
    assert.ok(remove.x - (change.x + change.width) > 100, "Remove is too close to Change role");
    await row.getByRole("link", { name: "Remove" }).click();
    await owner.getByRole("heading", { name: `Remove ${ben.username} from Engines?` }).waitFor();
    await says(owner, `${ben.username} (${ben.email}) loses access to Engines immediately.`);
    // Enter activates the link that cancels.
    await owner.keyboard.press("Enter");
    await stands(owner, path);
    await row.getByRole("link", { name: "Remove" }).click();
    await owner.getByRole("button", { name: "Remove" }).click();
    await says(owner, "The member was removed.");
    assert.equal(await row.count(), 0);
  });

  test(`owner deletes an organization by typing its name${how}`, async (t) => {
    const page = await here.visitor(t, { javaScriptEnabled });
    await signedUp(page, "ann");
    await createOrganization(page, "Engines");
    await page.getByRole("button", { name: "Switch to this organization" }).click();
    await says(page, "You switched to this organization.");
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

test("refused form shows its error in its section", async (t) => {
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
