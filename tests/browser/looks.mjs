// Screenshots and accessibility checks of pages: light, dark, and on small screens.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import axe from "axe-core";

const folder = fileURLToPath(new URL("../../target/browser/", import.meta.url));
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const looks = {
  light: { colorScheme: "light", width: 960, height: 720 },
  dark: { colorScheme: "dark", width: 960, height: 720 },
  narrow: { colorScheme: "light", width: 360, height: 720 },
  // WCAG 2.2, 1.4.10.
  narrowest: { colorScheme: "dark", width: 320, height: 720 },
};

/** Checks a page in each look by the rules of axe, and saves screenshots in target/browser. */
export async function inEachLook(page, name) {
  await page.evaluate(axe.source);
  const complaints = [];
  for (const [look, { colorScheme, width, height }] of Object.entries(looks)) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: `${folder}${name}-${look}.png`, fullPage: true });
    complaints.push(...(await violations(page)).map((violation) => `${look}: ${violation}`));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overflow > 0) complaints.push(`${look}: the page is ${overflow} pixels wider than the screen`);
  }
  assert.deepEqual(complaints, [], name);
}

async function violations(page) {
  const { violations } = await page.evaluate((values) => globalThis.axe.run({ runOnly: { type: "tag", values } }), tags);
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id} (${help}): ${node.html}`));
}
