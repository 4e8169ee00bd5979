// Pages used with only the keyboard.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stands } from "./expect.mjs";
import { signedUp } from "./people.mjs";
import { stage } from "./stage.mjs";
import { createOrganization } from "./team.mjs";

const here = stage();

test("sign-in works with only the keyboard", async (t) => {
  const page = await here.visitor(t);
  const ann = await signedUp(page, "ann");
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await page.keyboard.type(ann.username);
  await page.keyboard.press("Tab");
  await page.keyboard.type(ann.password);
  await page.keyboard.press("Tab");
  assert.equal((await focused(page)).name, "Show");
  await page.keyboard.press("Tab");
  assert.equal((await focused(page)).name, "Sign in");
  await page.keyboard.press("Enter");
  await stands(page, "/account");
});

test("skip link moves the focus to the content", async (t) => {
  const page = await here.visitor(t);
  await signedUp(page, "ann");
  await page.goto("/account");
  const skip = page.getByRole("link", { name: "Skip to content" });
  assert.equal(await inView(skip), false);
  await page.keyboard.press("Tab");
  assert.equal((await focused(page)).name, "Skip to content");
  assert.equal(await inView(skip), true);
  await page.keyboard.press("Enter");
  assert.equal((await focused(page)).id, "main");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.closest("main")));
});

test("every focusable element is outlined and reached with Tab", async (t) => {
  const page = await here.visitor(t);
  await signedUp(page, "ann");
  await createOrganization(page, "Engines");
  const organization = new URL(page.url()).pathname;
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const path of ["/account", "/account/password", "/account/sessions", organization]) {
      await page.goto(path);
      const stops = await page.locator("a, button, input:not([type=hidden]):not([hidden]), select, textarea").count();
      const seen = new Set();
      // One more stop: between the last and the first element, the page itself has the focus.
      for (let stop = 0; stop <= stops; stop += 1) {
        await page.keyboard.press("Tab");
        const { is, outline } = await focused(page);
        if (is === "page") continue;
        assert.ok(outline >= 2, `${path}, ${colorScheme}: ${is} has no outline`);
        seen.add(is);
      }
      assert.equal(seen.size, stops, path);
    }
  }
});

/** Returns the name of the focused element and the width of its outline. */
function focused(page) {
  return page.evaluate(() => {
    const { activeElement } = document;
    const { outlineStyle, outlineWidth } = getComputedStyle(activeElement);
    const place = [...document.querySelectorAll("*")].indexOf(activeElement);
    return {
      is: activeElement === document.body ? "page" : `${activeElement.tagName} ${place}`,
      id: activeElement.id,
      name: activeElement.textContent.trim(),
      outline: outlineStyle === "none" ? 0 : Number.parseFloat(outlineWidth),
    };
  });
}

async function inView(element) {
  const box = await element.boundingBox();
  return box.x >= 0 && box.y >= 0;
}
