// Settings of the operator: registration, verification, limits, pages, and branding.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { says } from "./expect.mjs";
import { inEachLook } from "./looks.mjs";
import { mailedLink } from "./mailbox.mjs";
import { newcomer, signIn, signUp } from "./people.mjs";
import { stage } from "./stage.mjs";

describe("with registration closed", () => {
  const here = stage({ DOORWARD_ALLOW_REGISTRATION: "false" });

  test("sign-in page has no sign-up link and the sign-up page explains why", async (t) => {
    const page = await here.visitor(t);
    await page.goto("/sign-in");
    assert.equal(await page.getByRole("link", { name: "Create account" }).count(), 0);
    const answer = await page.goto("/sign-up");
    assert.equal(answer.status(), 403);
    await says(page, "You need an invitation to create an account here.");
    assert.equal(await page.locator("form").count(), 0);
    await inEachLook(page, "en/sign-up-closed");
  });
});

describe("with verification required", () => {
  const here = stage({ DOORWARD_REQUIRE_VERIFIED_EMAIL: "true" });

  test("new user confirms the email address before using the account", async (t) => {
    const page = await here.visitor(t);
    const ann = newcomer("ann");
    await page.goto("/sign-up");
    await signUp(page, ann);
    await says(page, "Please confirm your email address first");
    await inEachLook(page, "en/confirm-first");
    await says(page, ann.email);
    await page.getByRole("link", { name: "Change it" }).click();
    await says(page, ann.email);
    await page.getByRole("link", { name: "Back" }).click();
    await page.getByRole("button", { name: "Send another email" }).click();
    await says(page, "Another email is on its way.");
    await page.goto(await mailedLink(here, "/verify-email", ann.email));
    await page.getByRole("button", { name: "Confirm your email address" }).click();
    await says(page, "The email address is confirmed.");
    await says(page, `Signed in as ${ann.username}`);
  });
});

describe("with limited sign-ins", () => {
  const limits = { DOORWARD_RATE_LIMITS_ENABLED: "true", DOORWARD_RATE_LIMITS_LOGIN_FAILURES_PER_MINUTE: "2" };
  const here = stage(limits);

  test("too many failures show how long to wait and keep the input", async (t) => {
    const page = await here.visitor(t);
    await page.goto("/sign-in");
    for (let tries = 0; tries < 2; tries += 1) {
      await signIn(page, { username: "ann", password: "wrong" });
      await says(page, "The username or password is incorrect.");
    }
    const answer = await refused(page);
    assert.equal(answer.status(), 429);
    await says(page, /^Too many attempts. Please try again in [1-9]\d? seconds.$/);
    assert.equal(await page.getByLabel("Username or email address").inputValue(), "ann");
    const button = page.locator("main button.primary");
    assert.match(await button.textContent(), /^Sign in \([1-9]\d?\)$/);
    assert.equal(await button.isDisabled(), true);
    await inEachLook(page, "en/sign-in-limited");
  });

  test("button is enabled again when the wait is over", async (t) => {
    const page = await here.visitor(t);
    await page.clock.install();
    await page.goto("/sign-in");
    for (let tries = 0; tries < 3; tries += 1) await signIn(page, { username: "eve", password: "wrong" });
    await says(page, /^Too many attempts/);
    const button = page.locator("main button.primary");
    assert.equal(await button.isDisabled(), true);
    await page.clock.fastForward(61_000);
    await says(page, "You can try again now.");
    assert.deepEqual([await button.isDisabled(), await button.textContent()], [false, "Sign in"]);
  });

  test("wait is shown as text and the button works without scripts", async (t) => {
    const page = await here.visitor(t, { javaScriptEnabled: false });
    await page.goto("/sign-in");
    for (let tries = 0; tries < 3; tries += 1) await signIn(page, { username: "zoe", password: "wrong" });
    await says(page, /^Too many attempts. Please try again in [1-9]\d? seconds.$/);
    assert.equal(await page.getByRole("button", { name: "Sign in" }).isDisabled(), false);
  });
});

describe("with pages disabled", () => {
  const here = stage({ DOORWARD_PAGES_ENABLED: "false" });

  test("only the API is served", async () => {
    for (const path of ["/", "/sign-in", "/sign-up", "/account", "/assets/pages.css"]) {
      const answer = await fetch(here.url + path, { redirect: "manual" });
      assert.equal(answer.status, 404, path);
      assert.match(answer.headers.get("content-type"), /^application[/]json/, path);
    }
  });
});

describe("with a service name and an accent color", () => {
  const here = stage({ DOORWARD_SERVICE_NAME: "Engines & Co", DOORWARD_PAGES_ACCENT_COLOR: "#ffd400" });

  test("pages use both", async (t) => {
    const page = await here.visitor(t);
    await page.goto("/sign-in");
    assert.equal(await page.title(), "Sign in · Engines & Co");
    await says(page, "Engines & Co");
    const colours = await page.getByRole("button", { name: "Sign in" }).evaluate((button) => {
      const { backgroundColor, color } = getComputedStyle(button);
      return [backgroundColor, color];
    });
    assert.deepEqual(colours, ["rgb(255, 212, 0)", "rgb(0, 0, 0)"]);
    await inEachLook(page, "en/sign-in-colour");
  });
});

/** Signs in with a wrong password, and returns the response. */
async function refused(page) {
  const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
  await signIn(page, { username: "ann", password: "wrong" });
  return answered;
}
