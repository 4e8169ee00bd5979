// The script, which enhances pages that work without it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { says, stands } from "./expect.mjs";
import { newcomer, password, signedUp } from "./people.mjs";
import { arrive, stage } from "./stage.mjs";

const here = stage();

test("password can be shown and is submitted as a password", async (t) => {
  const page = await here.visitor(t);
  await page.goto("/sign-in");
  const field = page.getByLabel("Password", { exact: true });
  await field.fill("secret");
  const show = page.getByRole("button", { name: "Show" });
  assert.equal(await show.getAttribute("aria-pressed"), "false");
  await show.click();
  assert.equal(await field.getAttribute("type"), "text");
  assert.equal(await field.inputValue(), "secret");
  assert.ok(await field.evaluate((field) => field === document.activeElement));
  const hide = page.locator("[aria-controls=password]");
  assert.deepEqual([await hide.textContent(), await hide.getAttribute("aria-controls")], ["Hide", "password"]);
  await hide.click();
  assert.equal(await field.getAttribute("type"), "password");

  await hide.click();
  await page.getByLabel("Username or email address").fill("ann");
  const sent = await page.evaluate(() => {
    const form = document.forms[0];
    form.addEventListener("submit", (event) => event.preventDefault());
    form.requestSubmit();
    return form.elements.password.type;
  });
  assert.equal(sent, "password");
});

test("new password is graded by the server while typing, an existing one is not", async (t) => {
  const page = await here.visitor(t);
  await page.goto("/sign-up");
  const field = page.getByLabel("Password", { exact: true });
  const meter = page.getByRole("meter", { name: "Password strength" });
  const verdict = page.locator(".verdict");
  await page.getByLabel("Username").fill("ann.lee.1815");
  assert.equal(await meter.count(), 0);
  const places = () => page.locator("main .field, main .primary").evaluateAll((all) => all.map((it) => it.offsetTop));
  const before = await places();
  const common = "This password is too easy to guess: widely used, or your name or email address.";
  const grades = [
    ["abc", 1, "5 more characters needed"],
    ["seven77", 1, "1 more character needed"],
    ["qwertyuiopasdfgh", 1, common],
    ["1234567890abcdef", 1, common],
    ["passwordpassword", 1, common],
    ["aaaaaaaa", 1, common],
    ["Ann.Lee.1815", 1, common],
    ["twelve letters", 3, "Good"],
    [password, 4, "Strong"],
  ];
  for (const [typed, grade, text] of grades) {
    await field.fill(typed);
    await verdict.filter({ hasText: text }).waitFor();
    assert.equal(await meter.evaluate((meter) => meter.value), grade, typed);
    assert.equal(await verdict.getAttribute("role"), "status");
    assert.deepEqual(await places(), before, "the layout has shifted");
  }
  // The other fields count as well.
  await field.fill("quillon.ferris");
  await verdict.filter({ hasText: /^\s*(Acceptable|Good|Strong)/ }).waitFor();
  await page.getByLabel("Username").fill("quillon.ferris");
  await verdict.filter({ hasText: common }).waitFor();
  await field.fill("");
  await meter.waitFor({ state: "hidden" });
  await page.goto("/sign-in");
  assert.equal(await page.locator("meter").count(), 0);
});

test("no grade is shown if the check fails, and outdated grades are ignored", async (t) => {
  // The browser reports the failed requests, so the test doesn't collect problems.
  const context = await arrive(here);
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto("/sign-up");
  const field = page.getByLabel("Password", { exact: true });
  const verdict = page.locator(".verdict");
  const held = [];
  let arrived;
  const first = new Promise((resolve) => (arrived = resolve));
  await page.route("**/password-check", async (route) => {
    if (!route.request().postData().includes("slow")) return route.continue();
    held.push(route);
    arrived();
  });
  await field.fill("a slow set of words");
  await first;
  await field.fill("password");
  await verdict.filter({ hasText: "too easy to guess" }).waitFor();
  for (const route of held) await route.fulfill({ json: { grade: 4, text: "Strong" } }).catch(() => {});
  await says(page, "too easy to guess");
  await page.unrouteAll();
  const limited = { status: 429, json: { error: "RATE_LIMIT_EXCEEDED" } };
  for (const failed of [(route) => route.abort(), (route) => route.fulfill(limited)]) {
    await page.route("**/password-check", failed);
    await field.fill(password);
    await page.getByRole("meter").waitFor({ state: "hidden" });
    await page.locator(".strength:not(.asking)").waitFor();
    assert.equal(await verdict.textContent(), "");
    await page.unrouteAll();
    await field.fill("password");
    await verdict.filter({ hasText: "too easy to guess" }).waitFor();
  }
  await page.route("**/password-check", (route) => route.abort());
  await field.fill(password);
  await page.getByRole("meter").waitFor({ state: "hidden" });
  await says(page, "At least 8 characters.");
  await page.unrouteAll();
});

test("new password is graded on the change and reset pages, too", async (t) => {
  const page = await here.visitor(t, { locale: "de-DE" });
  await signedUp(page, "ann");
  await page.goto("/account/password");
  await page.getByLabel("Neues Passwort").fill("password");
  await says(page, "Dieses Passwort ist zu leicht zu erraten");
  await page.goto("/reset-password?token=dwp_x");
  const field = page.getByLabel("Neues Passwort");
  if (await field.count()) {
    await field.fill("seven77");
    await says(page, "Noch 1 Zeichen");
  }
});

test("form is submitted once despite two clicks", async (t) => {
  const page = await here.visitor(t);
  const posts = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.isNavigationRequest()) posts.push(request.url());
  });
  const ann = newcomer("ann");
  await page.goto("/sign-up");
  await page.getByLabel("Email address").fill(ann.email);
  await page.getByLabel("Username").fill(ann.username);
  await page.getByLabel("Password", { exact: true }).fill(ann.password);
  // A slow server and an impatient user.
  let answer;
  const clicked = new Promise((resolve) => (answer = resolve));
  await page.route("**/sign-up", async (route) => {
    await clicked;
    // If the form is submitted twice, the browser has aborted the first request.
    await route.continue().catch(() => {});
  });
  const { x, y } = await page.getByRole("button", { name: "Create account" }).boundingBox();
  const first = page.waitForRequest("**/sign-up");
  await page.mouse.click(x + 9, y + 9);
  await first;
  await page.mouse.click(x + 9, y + 9);
  // By the time this page has loaded, a second request would have been sent.
  await (await page.context().newPage()).goto("/sign-in");
  answer();
  await stands(page, "/account");
  await page.unrouteAll();
  assert.deepEqual(posts, [`${here.url}/sign-up`]);

  // After going back, the form can be submitted again.
  await page.goto("/account/organizations");
  await page.getByLabel("Name").fill("Engines");
  await page.getByRole("button", { name: "Create organization" }).click();
  await says(page, "The organization was created.");
  await page.goBack();
  await page.getByLabel("Name").fill("Compilers");
  await page.getByRole("button", { name: "Create organization" }).click();
  await says(page, "The organization was created.");
  assert.equal(posts.length, 3);
});

test("times use the time zone and the language of the browser", async (t) => {
  const places = [["en-GB", "Europe/Berlin"], ["en-US", "America/New_York"], ["fr-FR", "UTC"]];
  for (const [locale, timezoneId] of places) {
    const page = await here.visitor(t, { locale, timezoneId });
    await signedUp(page, "ann");
    await page.goto("/account/sessions");
    const time = page.locator("time").first();
    const machine = await time.getAttribute("datetime");
    const words = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: timezoneId });
    assert.equal(await time.textContent(), words.format(new Date(machine)));
    assert.equal(await time.getAttribute("lang"), locale);
  }
  const page = await here.visitor(t, { javaScriptEnabled: false });
  await signedUp(page, "ann");
  await page.goto("/account/sessions");
  assert.match(await page.locator("time").first().textContent(), /^\d{4}-\d\d-\d\d, \d\d:\d\d UTC$/);
});

test("time zones are offered", async (t) => {
  const page = await here.visitor(t);
  await signedUp(page, "ann");
  await page.goto("/account");
  const list = await page.getByLabel("Time zone").getAttribute("list");
  assert.ok(await page.locator(`#${list} option[value="Europe/Berlin"]`).count());
});
