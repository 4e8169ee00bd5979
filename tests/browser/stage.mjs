// A server and a browser for the tests of a file, and visitors who look at the one with the other.
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { startServer } from "../../clients/typescript/test/server.mjs";
import { watch } from "./complaints.mjs";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
// What is waited for longer than this does not come.
const patience = 10_000;

/** Debian's browser, with a profile of its own. */
export function startBrowser() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: flags });
}

/** Starts a server with these settings and a browser before the tests of a file, and ends both after them. */
export function stage(settings) {
  const stage = {};
  before(async () => {
    stage.server = await startServer(settings);
    stage.url = stage.server.url;
    stage.browser = await startBrowser();
  });
  after(async () => {
    await stage.browser?.close();
    await stage.server?.stop();
  });

  /** A page in a browser of its own, which has never been here. The test fails where the browser complains. */
  stage.visitor = async (t, options) => {
    const context = await arrive(stage, options);
    const complaints = watch(context);
    t.after(async () => {
      await context.close();
      complaints.none();
    });
    return context.newPage();
  };
  return stage;
}

/** A browser's cookies and pages, apart from those of others. */
export async function arrive({ browser, url }, options) {
  const context = await browser.newContext({
    baseURL: url,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    ...options,
  });
  context.setDefaultTimeout(patience);
  return context;
}
