// Pages of other sites can't act on behalf of a signed-in user.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { says, stands } from "./expect.mjs";
import { inEachLook } from "./looks.mjs";
import { password, signedUp, signIn } from "./people.mjs";
import { arrive, stage } from "./stage.mjs";

const here = stage();
// Another port is another origin of the same site, so cookies are sent. Another host name is another site.
const hosts = ["127.0.0.1", "localhost"];
const evil = createServer((request, answer) => {
  const { searchParams } = new URL(request.url, "http://evil.example");
  const fields = JSON.parse(searchParams.get("fields") ?? "{}");
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
  const path = searchParams.get("path");
  answer.setHeader("content-type", "text/html");
  answer.end(
    searchParams.has("frame")
      ? `<iframe src="${here.url}${path}"></iframe>`
      : `<form method="post" action="${here.url}${path}">${inputs.join("")}<button>Win a prize</button></form>`,
  );
});
before(async () => {
  evil.listen(0);
  await once(evil, "listening");
});
after(() => evil.close());

/** Returns the URL of a page of another origin. */
function trap(host, query) {
  return `http://${host}:${evil.address().port}/?${new URLSearchParams(query)}`;
}

const forms = [
  ["/account/password", { current_password: password, new_password: "the password of the attacker" }],
  ["/account", { full_name: "Mallory" }],
  ["/sign-out", {}],
];
for (const host of hosts) {
  for (const [path, fields] of forms) {
    test(`form of ${host} submitted to ${path} changes nothing`, async (t) => {
      const page = await here.visitor(t);
      const ann = await signedUp(page, "ann");
      await page.goto(trap(host, { path, fields: JSON.stringify(fields) }));
      const answered = page.waitForResponse((answer) => answer.url() === here.url + path);
      await page.getByRole("button").click();
      assert.equal((await answered).status(), 403);
      await says(page, "This form came from another site");

      await page.goto("/account");
      await stands(page, "/account");
      assert.equal(await page.getByLabel("Your name").inputValue(), "");
      const other = await here.visitor(t);
      await other.goto("/sign-in");
      await signIn(other, ann);
      await stands(other, "/account");
    });
  }

  test(`form of ${host} can't sign the browser in`, async (t) => {
    const page = await here.visitor(t);
    const ann = await signedUp(await here.visitor(t), "ann");
    await page.goto(trap(host, { path: "/sign-in", fields: JSON.stringify(ann) }));
    await page.getByRole("button").click();
    await says(page, "This form came from another site");
    await inEachLook(page, "en/foreign-form");
    assert.deepEqual(await page.context().cookies(), []);
  });

  test(`page can't be framed by ${host}`, async (t) => {
    // The browser reports the blocked frame, so the test doesn't collect problems.
    const context = await arrive(here);
    t.after(() => context.close());
    const page = await context.newPage();
    const refused = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
    await page.goto(trap(host, { frame: "", path: "/sign-in" }));
    await refused;
    for (const frame of page.frames().slice(1)) assert.equal(await frame.locator("form").count(), 0);
  });
}

test("cookies are hidden from scripts and sent only to this site", async (t) => {
  const page = await here.visitor(t);
  await signedUp(page, "ann");
  await page.goto("/account");
  assert.equal(await page.evaluate(() => document.cookie), "");
  const cookies = await page.context().cookies();
  assert.equal(cookies.length, 3);
  for (const { name, httpOnly, sameSite, path, domain } of cookies) {
    assert.deepEqual({ httpOnly, sameSite, path, domain }, { httpOnly: true, sameSite: "Lax", path: "/", domain: "127.0.0.1" }, name);
  }
});

test("link from another site opens the page signed in", async (t) => {
  const page = await here.visitor(t);
  await signedUp(page, "ann");
  await page.goto(trap("localhost", {}));
  await page.evaluate((url) => location.assign(url), `${here.url}/account`);
  await stands(page, "/account");
});

test("markup in a name is escaped", async (t) => {
  const page = await here.visitor(t);
  await signedUp(page, "ann");
  const name = `</title><img src=x onerror="document.title='x'">`;
  await page.goto("/account/organizations");
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create organization" }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  assert.equal(await page.locator("img").count(), 0);
});
