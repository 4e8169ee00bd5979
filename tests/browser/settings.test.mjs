// What an operator has decided: who may sign up, how often somebody may try, and whether there are pages.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { says } from "./expect.mjs";
import { inEachLook } from "./looks.mjs";
import { mailedLink } from "./mailbox.mjs";
import { newcomer, signIn, signUp } from "./people.mjs";
import { stage } from "./stage.mjs";

describe("where registration is closed", () => {
  const here = stage({ DOORWARD_ALLOW_REGISTRATION: "false" });

  test("nobody is led to sign up, and who goes there is told", async (t) => {
    const page = await here.visitor(t);
    await page.goto("/sign-in");
    assert.equal(await page.getByRole("link", { name: "Create account" }).count(), 0);
    const answer = await page.goto("/sign-up");
    assert.equal(answer.status(), 403);
    await says(page, "Only people with an invitation can create an account here.");
    assert.equal(await page.locator("form").count(), 0);
    await inEachLook(page, "en/sign-up-closed");
  });
});

describe("where an address has to be confirmed first", () => {
  const here = stage({ DOORWARD_REQUIRE_VERIFIED_EMAIL: "true" });

  test("who signs up is told to confirm theirs, and is let in then", async (t) => {
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

describe("where sign-ins are limited", () => {
  const limits = { DOORWARD_LIMITS_ENABLED: "true", DOORWARD_LIMIT_LOGIN_FAILURES: "2" };
  const here = stage(limits);

  test("who fails too often is told how long to wait, and what was typed stays", async (t) => {
    const page = await here.visitor(t);
    await page.goto("/sign-in");
    for (let tries = 0; tries < 2; tries += 1) {
      await signIn(page, { username: "ann", password: "wrong" });
      await says(page, "The name or the password is wrong.");
    }
    const answer = await refused(page);
    assert.equal(answer.status(), 429);
    await says(page, /^Too many attempts. Please try again in [1-9]\d? seconds.$/);
    assert.equal(await page.getByLabel("User name or email address").inputValue(), "ann");
    const button = page.locator("main button.primary");
    assert.match(await button.textContent(), /^Sign in \([1-9]\d?\)$/);
    assert.equal(await button.isDisabled(), true);
    await inEachLook(page, "en/sign-in-limited");
  });

  test("the button comes back when the wait is over", async (t) => {
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

  test("without scripts the wait is a text, and the button works", async (t) => {
    const page = await here.visitor(t, { javaScriptEnabled: false });
    await page.goto("/sign-in");
    for (let tries = 0; tries < 3; tries += 1) await signIn(page, { username: "zoe", password: "wrong" });
    await says(page, /^Too many attempts. Please try again in [1-9]\d? seconds.$/);
    assert.equal(await page.getByRole("button", { name: "Sign in" }).isDisabled(), false);
  });
});

describe("where pages are turned off", () => {
  const here = stage({ DOORWARD_PAGES_ENABLED: "false" });

  test("there is the API alone", async () => {
    for (const path of ["/", "/sign-in", "/sign-up", "/account", "/assets/pages.css"]) {
      const answer = await fetch(here.url + path, { redirect: "manual" });
      assert.equal(answer.status, 404, path);
      assert.match(answer.headers.get("content-type"), /^application[/]json/, path);
    }
  });
});

describe("where the service has a name and a colour", () => {
  const here = stage({ DOORWARD_SERVICE_NAME: "Engines & Co", DOORWARD_ACCENT_COLOR: "#ffd400" });

  test("pages have both", async (t) => {
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

/** Signs in with a wrong password, and answers how that was answered. */
async function refused(page) {
  const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
  await signIn(page, { username: "ann", password: "wrong" });
  return answered;
}
