// People, and the ways on which they come in.
import assert from "node:assert/strict";

export const password = "correct horse battery staple";

let count = 0;

/** Somebody whom the server does not know. */
export function newcomer(name) {
  count += 1;
  const username = `${name}${count}`;
  return { username, email: `${username}@example.com`, password };
}

/** Fills in the page to sign up on, and sends it. */
export async function signUp(page, { email, username, password }) {
  if ((await page.getByLabel("Email address").inputValue()) === "") {
    await page.getByLabel("Email address").fill(email);
  }
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
}

/** Fills in the page to sign in on, and sends it. */
export async function signIn(page, { username, password }) {
  await page.getByLabel("User name or email address").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Has somebody make an account and stay signed in, where a test is not about that. */
export async function signedUp(page, name) {
  const person = newcomer(name);
  await send(page, "/sign-up", person);
  return person;
}

/** Sends a form of the server without showing its page. */
export async function send(page, path, form = {}) {
  // What browsers say of a form of the same site; the server takes no other.
  const headers = { "sec-fetch-site": "same-origin" };
  const answer = await page.context().request.post(path, { form, headers });
  assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`);
  return answer;
}

/** Sends the page's forms without the browser's own checks. */
export function unchecked(page) {
  return page.evaluate(() => {
    for (const form of document.forms) form.noValidate = true;
  });
}
