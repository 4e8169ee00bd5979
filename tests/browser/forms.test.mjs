// What is wrong with a form, said where it is wrong; and where a form leads to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complainsAt, says, stands } from "./expect.mjs";
import { newcomer, password, signedUp, signIn, signUp, unchecked } from "./people.mjs";
import { stage } from "./stage.mjs";

const here = stage();

test("a wrong password is refused, and the name stays", async (t) => {
  const page = await here.visitor(t);
  const ann = await signedUp(page, "ann");
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await signIn(page, { ...ann, password: "wrong" });
  await says(page, "The name or the password is wrong.");
  assert.equal(await page.getByRole("alert").count(), 1);
  assert.equal(await page.getByLabel("User name or email address").inputValue(), ann.username);
  assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");
});

const wrong = [
  ["Email address", "an address that somebody has", (ann) => ({ email: ann.email }), "There is an account with this address already."],
  ["User name", "a name that somebody has", (ann) => ({ username: ann.username }), "Somebody has this name already."],
  ["Email address", "what is no address", () => ({ email: "ann" }), "That is not an email address."],
  ["User name", "what is no name", () => ({ username: "ann!" }), "Only letters, digits and these are possible"],
  ["Password", "a password that many people have", () => ({ password: "password123" }), "This password is too easy to guess"],
  ["Password", "a short password", () => ({ password: "tiny" }), "At least 8 characters, please."],
];
for (const [label, what, typed, complaint] of wrong) {
  test(`${what} is refused at its field, and what was typed stays, but no password`, async (t) => {
    const page = await here.visitor(t);
    const ann = await signedUp(await here.visitor(t), "ann");
    const person = { ...newcomer("ben"), ...typed(ann) };
    await page.goto("/sign-up");
    await unchecked(page);
    await page.getByLabel("Your name").fill("Ben & <Bo> \"B\"");
    await signUp(page, person);
    await complainsAt(page, label, complaint);
    assert.equal(await page.getByLabel("Email address").inputValue(), person.email);
    assert.equal(await page.getByLabel("User name").inputValue(), person.username);
    assert.equal(await page.getByLabel("Your name").inputValue(), "Ben & <Bo> \"B\"");
    assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");
    assert.equal(await page.locator("[aria-invalid]").count(), 1);
  });
}

test("a browser does not send what it knows to be wrong", async (t) => {
  const page = await here.visitor(t);
  const posts = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.isNavigationRequest()) posts.push(request.url());
  });
  await page.goto("/sign-up");
  await signUp(page, { ...newcomer("ann"), password: "tiny" });
  const field = page.getByLabel("Password", { exact: true });
  assert.ok(await field.evaluate((field) => field.validity.tooShort));
  await page.getByLabel("User name").fill("");
  await page.getByRole("button", { name: "Create account" }).click();
  assert.deepEqual(posts, []);
});

test("several mistakes are told at once, and the first one is where the person begins", async (t) => {
  const page = await here.visitor(t);
  await page.goto("/sign-up");
  await unchecked(page);
  await signUp(page, { email: "ann", username: "a b", password: "tiny" });
  await complainsAt(page, "Email address", "That is not an email address.");
  assert.equal(await page.locator("[aria-invalid]").count(), 3);
  await says(page, "Please look at what is marked below.");
  assert.equal(await page.title(), "Error: Create an account · Doorward");
});

test("signing in leads back to the page that was asked for", async (t) => {
  const page = await here.visitor(t);
  const ann = await signedUp(page, "ann");
  await page.context().clearCookies();
  await page.goto("/account/sessions");
  await stands(page, "/sign-in");
  await signIn(page, { ...ann, password: "wrong" });
  await says(page, "The name or the password is wrong.");
  await signIn(page, { ...ann, username: ann.email });
  await stands(page, "/account/sessions");
});

test("signing in leads nowhere else", async (t) => {
  const page = await here.visitor(t);
  const ann = await signedUp(page, "ann");
  for (const next of ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]) {
    await page.context().clearCookies();
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await signIn(page, ann);
    await stands(page, "/account");
    assert.equal(new URL(page.url()).origin, here.url);
    // Also where somebody is signed in already.
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await stands(page, "/account");
  }
});

test("a profile is saved, and its language is that of the pages", async (t) => {
  const page = await here.visitor(t);
  await signedUp(page, "ann");
  await page.goto("/account");
  await page.getByLabel("Your name").fill("Ann Lee");
  await page.getByLabel("About you").fill("Engines,\nand <b>more</b>");
  await page.getByLabel("Time zone").fill("Europe/Berlin");
  await page.getByRole("button", { name: "Save" }).click();
  await says(page, "Your profile was saved.");
  assert.equal(await page.getByLabel("Your name").inputValue(), "Ann Lee");
  assert.equal(await page.getByLabel("About you").inputValue(), "Engines,\nand <b>more</b>");
  assert.equal(await page.getByLabel("Time zone").inputValue(), "Europe/Berlin");

  await page.getByLabel("Time zone").fill("Europe/Nowhere");
  await page.getByRole("button", { name: "Save" }).click();
  await complainsAt(page, "Time zone (optional)", "That is not a time zone.");
  assert.equal(await page.getByLabel("Time zone").inputValue(), "Europe/Nowhere");
  await page.getByLabel("Time zone").fill("");

  await page.getByLabel("Language").selectOption("Deutsch");
  await page.getByRole("button", { name: "Save" }).click();
  await says(page, "Ihr Profil wurde gespeichert.");
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  await page.getByRole("link", { name: "Sitzungen" }).click();
  await says(page, "Wo Sie angemeldet sind.");
});

test("pages are in the language of the browser", async (t) => {
  const page = await here.visitor(t, { locale: "de-AT" });
  await page.goto("/sign-in");
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  await page.getByLabel("Benutzername oder E-Mail-Adresse").fill("ann");
  await page.getByLabel("Passwort", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  await says(page, "Der Name oder das Passwort ist falsch.");
});
