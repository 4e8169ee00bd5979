// Users, and the ways to sign up and sign in.
import assert from "node:assert/strict";

export const password = "correct horse battery staple";

let count = 0;

/** Returns the data of a user without an account. */
export function newcomer(name) {
  count += 1;
  const username = `${name}${count}`;
  return { username, email: `${username}@example.com`, password };
}

/** Fills in and submits the sign-up page. */
export async function signUp(page, { email, username, password }) {
  if ((await page.getByLabel("Email address").inputValue()) === "") {
    await page.getByLabel("Email address").fill(email);
  }
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
}

/** Fills in and submits the sign-in page. */
export async function signIn(page, { username, password }) {
  await page.getByLabel("Username or email address").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Registers a user, who stays signed in, without the sign-up page. */
export async function signedUp(page, name) {
  const person = newcomer(name);
  await send(page, "/sign-up", person);
  return person;
}

/** Submits a form of the server without showing its page. */
export async function send(page, path, form = {}) {
  // Browsers send this header for forms of the same origin; the server refuses all others.
  const headers = { "sec-fetch-site": "same-origin" };
  const answer = await page.context().request.post(path, { form, headers });
  assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`);
  return answer;
}

/** Turns off the browser's own validation of the page's forms. */
export function unchecked(page) {
  return page.evaluate(() => {
    for (const form of document.forms) form.noValidate = true;
  });
}
