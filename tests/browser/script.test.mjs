// What the script adds to pages that work without it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { says, stands } from "./expect.mjs";
import { newcomer, password, signedUp } from "./people.mjs";
import { stage } from "./stage.mjs";

const here = stage();

test("a password is shown while it is looked at, and sent as a password", async (t) => {
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
  await page.getByLabel("User name or email address").fill("ann");
  const sent = await page.evaluate(() => {
    const form = document.forms[0];
    form.addEventListener("submit", (event) => event.preventDefault());
    form.requestSubmit();
    return form.elements.password.type;
  });
  assert.equal(sent, "password");
});

test("the strength of a new password is told, not of one that is there", async (t) => {
  const page = await here.visitor(t);
  await page.goto("/sign-up");
  const field = page.getByLabel("Password", { exact: true });
  const meter = page.getByRole("meter", { name: "Strength of the password" });
  assert.equal(await meter.count(), 0);
  const grades = [
    ["seven77", 1, "Too short"],
    ["eight888", 2, "Fair"],
    ["twelve letters", 3, "Good"],
    [password, 4, "Strong"],
    ["aaaaaaaaaaaaaaaa", 1, "Too short"],
  ];
  for (const [typed, grade, word] of grades) {
    await field.fill(typed);
    assert.equal(await meter.evaluate((meter) => meter.value), grade, typed);
    await says(page, word);
  }
  await field.fill("");
  assert.equal(await meter.count(), 0);
  await page.goto("/sign-in");
  assert.equal(await page.locator("meter").count(), 0);
});

test("two clicks send a form once", async (t) => {
  const page = await here.visitor(t);
  const posts = [];
  page.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
  const ann = newcomer("ann");
  await page.goto("/sign-up");
  await page.getByLabel("Email address").fill(ann.email);
  await page.getByLabel("User name").fill(ann.username);
  await page.getByLabel("Password", { exact: true }).fill(ann.password);
  // The server takes its time, and the person is not patient.
  let answer;
  const clicked = new Promise((resolve) => (answer = resolve));
  await page.route("**/sign-up", async (route) => {
    await clicked;
    // Where it is sent twice, the browser has given up the first one.
    await route.continue().catch(() => {});
  });
  const { x, y } = await page.getByRole("button", { name: "Create account" }).boundingBox();
  const first = page.waitForRequest("**/sign-up");
  await page.mouse.click(x + 9, y + 9);
  await first;
  await page.mouse.click(x + 9, y + 9);
  // Meanwhile a second request would be there.
  await (await page.context().newPage()).goto("/sign-in");
  answer();
  await stands(page, "/account");
  await page.unrouteAll();
  assert.deepEqual(posts, [`${here.url}/sign-up`]);

  // After going back it can be sent again.
  await page.goto("/account/organisations");
  await page.getByLabel("Name").fill("Engines");
  await page.getByRole("button", { name: "Create an organisation" }).click();
  await says(page, "The organisation was created.");
  await page.goBack();
  await page.getByLabel("Name").fill("Compilers");
  await page.getByRole("button", { name: "Create an organisation" }).click();
  await says(page, "The organisation was created.");
  assert.equal(posts.length, 3);
});

test("times are those of the place and in the words of the language", async (t) => {
  const zones = ["Europe/Berlin", "America/New_York", "UTC"];
  for (const timezoneId of zones) {
    const page = await here.visitor(t, { timezoneId });
    await signedUp(page, "ann");
    await page.goto("/account/sessions");
    const time = page.locator("time").first();
    const machine = await time.getAttribute("datetime");
    const words = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short", timeZone: timezoneId });
    assert.equal(await time.textContent(), words.format(new Date(machine)));
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
