// From the first visit to a new password, with scripts and without.
import assert from "node:assert/strict";
import { test } from "node:test";
import { says, stands } from "./expect.mjs";
import { mailedLink } from "./mailbox.mjs";
import { newcomer, send, signedUp, signIn, signUp } from "./people.mjs";
import { stage } from "./stage.mjs";

const here = stage();

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "" : ", without scripts";

  test(`somebody signs up, confirms their address, forgets their password and sets another one${how}`, async (t) => {
    const page = await here.visitor(t, { javaScriptEnabled });
    const ann = newcomer("ann");

    await page.goto("/");
    await stands(page, "/sign-in");
    await page.getByRole("link", { name: "Create account" }).click();
    await signUp(page, ann);
    await stands(page, "/account");
    await says(page, "We sent you a mail");
    await says(page, "not confirmed yet");

    // Mail scanners look at links. Only the button confirms.
    await page.goto(await mailedLink(here, "/verify-email", ann.email));
    await page.goto("/account");
    await says(page, "not confirmed yet");
    await page.goBack();
    await page.getByRole("button", { name: "Confirm your email address" }).click();
    await stands(page, "/account");
    await says(page, "The email address is confirmed.");
    assert.equal(await page.getByText("not confirmed yet").count(), 0);

    await page.getByRole("button", { name: "Sign out" }).click();
    await stands(page, "/sign-in");
    await says(page, "You are signed out.");
    await page.goto("/account");
    await stands(page, "/sign-in");

    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await page.getByLabel("Email address").fill(ann.email);
    await page.getByRole("button", { name: "Send me a link" }).click();
    await says(page, "a mail with a link is on its way");
    await page.goto(await mailedLink(here, "/reset-password", ann.email));
    const renewed = { ...ann, password: "another horse, another battery" };
    await page.getByLabel("New password").fill(renewed.password);
    await page.getByRole("button", { name: "Set password" }).click();
    await stands(page, "/sign-in");
    await says(page, "Your new password is set.");

    await signIn(page, ann);
    await says(page, "The name or the password is wrong.");
    await signIn(page, renewed);
    await stands(page, "/account");
    await says(page, `Signed in as ${ann.username}`);
  });
}

test("a link with which a password was set says that it was used", async (t) => {
  const page = await here.visitor(t);
  const ann = await signedUp(page, "ann");
  await send(page, "/forgot-password", { email: ann.email });
  const link = await mailedLink(here, "/reset-password", ann.email);
  for (const outcome of ["Your new password is set.", "This link is not valid any more."]) {
    await page.goto(link);
    await page.getByLabel("New password").fill("another horse, another battery");
    await page.getByRole("button", { name: "Set password" }).click();
    await says(page, outcome);
  }
});

test("a changed password ends the other sessions, and has to be typed with the old one", async (t) => {
  const [page, other] = [await here.visitor(t), await here.visitor(t)];
  const ann = await signedUp(page, "ann");
  await other.goto("/sign-in");
  await signIn(other, ann);
  await stands(other, "/account");

  await page.goto("/account/password");
  await page.getByLabel("Current password").fill("not my password");
  await page.getByLabel("New password").fill("another horse, another battery");
  await page.getByRole("button", { name: "Change password" }).click();
  await says(page, "That is not your current password.");
  await page.getByLabel("Current password").fill(ann.password);
  await page.getByLabel("New password").fill("another horse, another battery");
  await page.getByRole("button", { name: "Change password" }).click();
  await says(page, "Your password was changed.");

  await page.goto("/account");
  await stands(page, "/account");
  await other.getByRole("link", { name: "Sessions" }).click();
  await stands(other, "/sign-in");
});
