// What a person sees, waited for as long as a page takes.
import assert from "node:assert/strict";

/** The browser is, or comes, at a page with this path. */
export function stands(page, path) {
  return page.waitForURL((url) => url.pathname === path, { waitUntil: "load" });
}

/** The page says this, or will. */
export async function says(page, text) {
  await page.getByText(text).first().waitFor();
}

/** What is wrong stands at its field, in the words for it, and the person is led there. */
export async function complainsAt(page, label, text) {
  const field = page.getByLabel(label, { exact: true });
  await says(page, text);
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const ids = (await field.getAttribute("aria-describedby")).split(" ");
  const described = await page.locator(`#${ids[0]}`).textContent();
  assert.ok(described.includes(text), described);
  assert.ok(await field.evaluate((field) => field === document.activeElement), `${label} has no focus`);
}
