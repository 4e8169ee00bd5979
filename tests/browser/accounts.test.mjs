// Accounts: registration, verification, and passwords, with and without scripts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { says, stands } from "./expect.mjs";
import { mailedLink } from "./mailbox.mjs";
import { newcomer, send, signedUp, signIn, signUp } from "./people.mjs";
import { stage } from "./stage.mjs";

const here = stage();

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "" : ", without scripts";

  test(`user signs up, confirms the email address, and resets the password${how}`, async (t) => {
    const page = await here.visitor(t, { javaScriptEnabled });
    const ann = newcomer("ann");

    await page.goto("/");
    await stands(page, "/sign-in");
    await page.getByRole("link", { name: "Create account" }).click();
    await signUp(page, ann);
    await stands(page, "/account");
    await says(page, "We sent you an email.");
    await says(page, "not confirmed yet");

    // Mail scanners open links, so only the button confirms.
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
    await page.getByRole("button", { name: "Send link" }).click();
    await says(page, "an email with a link is on its way");
    await page.goto(await mailedLink(here, "/reset-password", ann.email));
    const renewed = { ...ann, password: "another horse, another battery" };
    await page.getByLabel("New password").fill(renewed.password);
    await page.getByRole("button", { name: "Set password" }).click();
    await stands(page, "/sign-in");
    await says(page, "Your new password is set.");

    await signIn(page, ann);
    await says(page, "The username or password is incorrect.");
    await signIn(page, renewed);
    await stands(page, "/account");
    await says(page, `Signed in as ${ann.username}`);
  });
}

test("used reset link is reported as used", async (t) => {
  const page = await here.visitor(t);
  const ann = await signedUp(page, "ann");
  await send(page, "/forgot-password", { email: ann.email });
  const link = await mailedLink(here, "/reset-password", ann.email);
  await page.goto(link);
  await page.getByLabel("New password").fill("another horse, another battery");
  await page.getByRole("button", { name: "Set password" }).click();
  await says(page, "Your new password is set.");
  const answer = await page.goto(link);
  assert.equal(answer.status(), 422);
  await says(page, "This link has expired or was already used");
  assert.equal(await page.locator("form").count(), 0);
  await page.getByRole("link", { name: "Send a new link" }).click();
  await stands(page, "/forgot-password");
  assert.equal(await page.getByLabel("Email address").inputValue(), ann.email);
});

test("password change requires the current password and ends the other sessions", async (t) => {
  const [page, other] = [await here.visitor(t), await here.visitor(t)];
  const ann = await signedUp(page, "ann");
  await other.goto("/sign-in");
  await signIn(other, ann);
  await stands(other, "/account");

  await page.goto("/account/password");
  await page.getByLabel("Current password").fill("not my password");
  await page.getByLabel("New password").fill("another horse, another battery");
  await page.getByRole("button", { name: "Change password" }).click();
  await says(page, "The password is incorrect.");
  await page.getByLabel("Current password").fill(ann.password);
  await page.getByLabel("New password").fill("another horse, another battery");
  await page.getByRole("button", { name: "Change password" }).click();
  await says(page, "Your password was changed.");

  await page.goto("/account");
  await stands(page, "/account");
  await other.getByRole("link", { name: "Sessions" }).click();
  await stands(other, "/sign-in");
});

test("notice is shown once: not by a link, after a reload, or when going back", async (t) => {
  const page = await here.visitor(t);
  await signedUp(page, "ann");
  await page.goto("/account?done=password-changed");
  await says(page, "not confirmed yet");
  assert.equal(await page.locator(".notice").count(), 0);

  await page.goto("/account");
  await page.getByRole("button", { name: "Save" }).click();
  await says(page, "Your profile was saved.");
  await page.reload();
  assert.equal(await page.getByText("Your profile was saved.").count(), 0);

  await page.getByRole("button", { name: "Save" }).click();
  await says(page, "Your profile was saved.");
  await page.getByRole("link", { name: "Sessions" }).click();
  await stands(page, "/account/sessions");
  await page.goBack();
  await stands(page, "/account");
  assert.equal(await page.getByText("Your profile was saved.").count(), 0);
});

test("form of one tab shows no notice in another tab", async (t) => {
  const one = await here.visitor(t);
  await signedUp(one, "ann");
  const other = await one.context().newPage();
  await one.goto("/account");
  await other.goto("/account");
  await one.getByRole("button", { name: "Save" }).click();
  await says(one, "Your profile was saved.");
  assert.equal(await other.getByText("Your profile was saved.").count(), 0);
  await other.reload();
  assert.equal(await other.getByText("Your profile was saved.").count(), 0);
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "" : ", without scripts";

  test(`mistyped email address can be changed before it is confirmed${how}`, async (t) => {
    const page = await here.visitor(t, { javaScriptEnabled });
    const ann = newcomer("ann");
    const mistyped = { ...ann, email: ann.email.replace("example.com", "exmaple.com") };
    await page.goto("/sign-up");
    await signUp(page, mistyped);
    await says(page, mistyped.email);
    await page.getByRole("link", { name: "Change email address" }).click();
    await page.getByLabel("New email address").fill(ann.email);
    await page.getByLabel("Password", { exact: true }).fill(ann.password);
    await page.getByRole("button", { name: "Change email address" }).click();
    await stands(page, "/account");
    await says(page, "Your email address was saved.");
    await says(page, ann.email);
    await page.goto(await mailedLink(here, "/verify-email", ann.email));
    await page.getByRole("button", { name: "Confirm your email address" }).click();
    await says(page, "The email address is confirmed.");
    await page.goto(await mailedLink(here, "/verify-email", ann.email));
    await says(page, "Your email address is confirmed");
    await page.getByRole("link", { name: "Continue" }).click();
    await stands(page, "/account");
  });
}

test("taken email address offers to sign in or to set a new password", async (t) => {
  const [owner, page] = [await here.visitor(t), await here.visitor(t)];
  const ann = await signedUp(owner, "ann");
  await page.goto("/sign-up");
  await signUp(page, { ...newcomer("eve"), email: ann.email });
  await says(page, "An account with this email address already exists.");
  await page.getByRole("main").getByRole("link", { name: "Set a new password" }).click();
  await stands(page, "/forgot-password");
  assert.equal(await page.getByLabel("Email address").inputValue(), ann.email);
});
