// Assertions on what the user sees, which wait until the page has loaded.
import assert from "node:assert/strict";

/** Waits until the browser is at a page with this path. */
export function stands(page, path) {
  return page.waitForURL((url) => url.pathname === path, { waitUntil: "load" });
}

/** Waits until the page contains this text. */
export async function says(page, text) {
  await page.getByText(text).first().waitFor();
}

/** Asserts that a field shows this error, is marked as invalid, and has the focus. */
export async function complainsAt(page, label, text) {
  const field = page.getByLabel(label, { exact: true });
  await says(page, text);
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const ids = (await field.getAttribute("aria-describedby")).split(" ");
  const described = await page.locator(`#${ids[0]}`).textContent();
  assert.ok(described.includes(text), described);
  assert.ok(await field.evaluate((field) => field === document.activeElement), `${label} has no focus`);
}
