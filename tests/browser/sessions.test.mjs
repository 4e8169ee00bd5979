// Sessions of several browsers, and their renewal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { says, stands } from "./expect.mjs";
import { send, signedUp, signIn } from "./people.mjs";
import { stage } from "./stage.mjs";

const here = stage();

/** Signs a user in with two browsers. */
async function twice(t, options) {
  const [page, other] = [await here.visitor(t, options), await here.visitor(t, options)];
  const ann = await signedUp(page, "ann");
  await other.goto("/sign-in");
  await signIn(other, ann);
  await stands(other, "/account");
  await page.goto("/account/sessions");
  return { page, other, ann };
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "" : ", without scripts";

  test(`session ended in another browser redirects to sign in${how}`, async (t) => {
    const { page, other } = await twice(t, { javaScriptEnabled });
    await says(page, "this browser");
    assert.equal(await page.getByRole("main").getByRole("listitem").count(), 2);
    await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
    await says(page, "The session was signed out.");
    assert.equal(await page.getByRole("main").getByRole("listitem").count(), 1);
    await other.getByRole("link", { name: "Password" }).click();
    await stands(other, "/sign-in");
    await page.getByRole("link", { name: "Profile" }).click();
    await stands(page, "/account");
  });
}

test("all other sessions are ended at once", async (t) => {
  const { page, other, ann } = await twice(t);
  await send(await here.visitor(t), "/sign-in", ann);
  await page.reload();
  assert.equal(await page.getByRole("main").getByRole("listitem").count(), 3);
  await page.getByRole("link", { name: "Sign out everywhere else" }).click();
  await page.getByRole("heading", { name: "Sign out everywhere else?" }).waitFor();
  assert.equal(await page.getByRole("main").getByRole("listitem").count(), 2);
  await page.getByRole("link", { name: "Cancel" }).click();
  assert.equal(await page.getByRole("main").getByRole("listitem").count(), 3);
  await page.getByRole("link", { name: "Sign out everywhere else" }).click();
  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await says(page, "All other sessions were signed out.");
  assert.equal(await page.getByRole("main").getByRole("listitem").count(), 1);
  assert.equal(await page.getByRole("link", { name: "Sign out everywhere else" }).count(), 0);
  await other.reload();
  await stands(other, "/sign-in");
});

test("missing access token is renewed by several tabs at once", async (t) => {
  const page = await here.visitor(t);
  const ann = await signedUp(page, "ann");
  const context = page.context();
  const tabs = [page, await context.newPage(), await context.newPage()];
  for (const round of [1, 2, 3]) {
    await context.clearCookies({ name: "doorward-access" });
    await Promise.all(tabs.map((tab) => tab.goto("/account/sessions")));
    for (const tab of tabs) {
      assert.equal(new URL(tab.url()).pathname, "/account/sessions", `round ${round}`);
      await says(tab, `Signed in as ${ann.username}`);
      assert.equal(await tab.getByRole("main").getByRole("listitem").count(), 1);
    }
    const names = (await context.cookies()).map((cookie) => cookie.name);
    assert.ok(names.includes("doorward-access"), `round ${round}: ${names}`);
  }
});

test("form submitted without an access token is accepted", async (t) => {
  const page = await here.visitor(t);
  await signedUp(page, "ann");
  await page.goto("/account");
  await page.context().clearCookies({ name: "doorward-access" });
  await page.getByLabel("Your name").fill("Ann Lee");
  await page.getByRole("button", { name: "Save" }).click();
  await says(page, "Your profile was saved.");
});

test("invalid cookies are removed", async (t) => {
  const page = await here.visitor(t);
  const names = ["doorward-access", "doorward-session"];
  await page.context().addCookies(names.map((name) => ({ name, value: "nonsense", url: here.url })));
  await page.goto("/account");
  await stands(page, "/sign-in");
  assert.deepEqual(await page.context().cookies(), []);
});
