// Pages by keyboard alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stands } from "./expect.mjs";
import { signedUp } from "./people.mjs";
import { stage } from "./stage.mjs";
import { createOrganisation } from "./team.mjs";

const here = stage();

test("signing in takes a keyboard alone", async (t) => {
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

test("one can skip to the content", async (t) => {
  const page = await here.visitor(t);
  await signedUp(page, "ann");
  await page.goto("/account");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  assert.equal(await inView(skip), false);
  await page.keyboard.press("Tab");
  assert.equal((await focused(page)).name, "Skip to the content");
  assert.equal(await inView(skip), true);
  await page.keyboard.press("Enter");
  assert.equal((await focused(page)).id, "main");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.closest("main")));
});

test("what has the focus is outlined, in an order that can be followed", async (t) => {
  const page = await here.visitor(t);
  await signedUp(page, "ann");
  await createOrganisation(page, "Engines");
  const organisation = new URL(page.url()).pathname;
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const path of ["/account", "/account/password", "/account/sessions", organisation]) {
      await page.goto(path);
      const stops = await page.locator("a, button, input:not([type=hidden]):not([hidden]), select, textarea").count();
      const seen = new Set();
      // One more: between the last and the first is the page itself.
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

/** What has the focus: what it is called, and how wide its outline is. */
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
