// Errors at their form fields, and redirects after forms.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complainsAt, says, stands } from "./expect.mjs";
import { newcomer, password, signedUp, signIn, signUp, unchecked } from "./people.mjs";
import { stage } from "./stage.mjs";

const here = stage();

test("wrong password is refused and the username is kept", async (t) => {
  const page = await here.visitor(t);
  const ann = await signedUp(page, "ann");
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await signIn(page, { ...ann, password: "wrong" });
  await says(page, "The username or password is incorrect.");
  assert.equal(await page.getByRole("alert").count(), 1);
  assert.equal(await page.getByLabel("Username or email address").inputValue(), ann.username);
  assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");
});

const wrong = [
  ["Email address", "taken email address", (ann) => ({ email: ann.email }), "An account with this email address already exists."],
  ["Username", "taken username", (ann) => ({ username: ann.username }), "This username is already taken."],
  ["Email address", "invalid email address", () => ({ email: "ann" }), "Please enter an email address"],
  ["Username", "invalid username", () => ({ username: "ann!" }), "Please use only letters, digits, and"],
  ["Password", "common password", () => ({ password: "password123" }), "This password is too easy to guess"],
  ["Password", "short password", () => ({ password: "tiny" }), "Please use at least 8 characters."],
];
for (const [label, what, typed, complaint] of wrong) {
  test(`${what} shows an error at its field and keeps all input except the password`, async (t) => {
    const page = await here.visitor(t);
    const ann = await signedUp(await here.visitor(t), "ann");
    const person = { ...newcomer("ben"), ...typed(ann) };
    await page.goto("/sign-up");
    await unchecked(page);
    await page.getByLabel("Your name").fill("Ben & <Bo> \"B\"");
    await signUp(page, person);
    await complainsAt(page, label, complaint);
    assert.equal(await page.getByLabel("Email address").inputValue(), person.email);
    assert.equal(await page.getByLabel("Username").inputValue(), person.username);
    assert.equal(await page.getByLabel("Your name").inputValue(), "Ben & <Bo> \"B\"");
    assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");
    assert.equal(await page.locator("[aria-invalid]").count(), 1);
  });
}

test("browser does not submit fields that it knows to be invalid", async (t) => {
  const page = await here.visitor(t);
  const posts = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.isNavigationRequest()) posts.push(request.url());
  });
  await page.goto("/sign-up");
  await signUp(page, { ...newcomer("ann"), password: "tiny" });
  const field = page.getByLabel("Password", { exact: true });
  assert.ok(await field.evaluate((field) => field.validity.tooShort));
  await page.getByLabel("Username").fill("");
  await page.getByRole("button", { name: "Create account" }).click();
  assert.deepEqual(posts, []);
});

test("all invalid fields are marked and the first one has the focus", async (t) => {
  const page = await here.visitor(t);
  await page.goto("/sign-up");
  await unchecked(page);
  await signUp(page, { email: "ann", username: "a b", password: "tiny" });
  await complainsAt(page, "Email address", "Please enter an email address");
  assert.equal(await page.locator("[aria-invalid]").count(), 3);
  await says(page, "Please correct the fields marked below.");
  assert.equal(await page.title(), "Error: Create an account · Doorward");
});

test("sign-in redirects to the requested page", async (t) => {
  const page = await here.visitor(t);
  const ann = await signedUp(page, "ann");
  await page.context().clearCookies();
  await page.goto("/account/sessions");
  await stands(page, "/sign-in");
  await signIn(page, { ...ann, password: "wrong" });
  await says(page, "The username or password is incorrect.");
  await signIn(page, { ...ann, username: ann.email });
  await stands(page, "/account/sessions");
});

test("sign-in never redirects to another site", async (t) => {
  const page = await here.visitor(t);
  const ann = await signedUp(page, "ann");
  for (const next of ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]) {
    await page.context().clearCookies();
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await signIn(page, ann);
    await stands(page, "/account");
    assert.equal(new URL(page.url()).origin, here.url);
    // The same when the user is already signed in.
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await stands(page, "/account");
  }
});

test("profile is saved and its language applies to the pages", async (t) => {
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
  await complainsAt(page, "Time zone (optional)", "Please enter a time zone");
  assert.equal(await page.getByLabel("Time zone").inputValue(), "Europe/Nowhere");
  await page.getByLabel("Time zone").fill("");

  await page.getByLabel("Language").selectOption("Deutsch");
  await page.getByRole("button", { name: "Save" }).click();
  await says(page, "Ihr Profil wurde gespeichert.");
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  await page.getByRole("link", { name: "Sitzungen" }).click();
  await says(page, "Die Browser und Apps, in denen Sie angemeldet sind.");
});

test("pages use the language of the browser", async (t) => {
  const page = await here.visitor(t, { locale: "de-AT" });
  await page.goto("/sign-in");
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  await page.getByLabel("Benutzername oder E-Mail-Adresse").fill("ann");
  await page.getByLabel("Passwort", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  await says(page, "Der Benutzername oder das Passwort ist falsch.");
});
