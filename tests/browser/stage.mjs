// A server and a browser for the tests of a file.
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
// Milliseconds after which waiting fails.
const patience = 10_000;

/** Starts Debian's Chromium with a fresh profile. */
export function startBrowser() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: flags });
}

/** Starts a server with these settings and a browser before the tests of a file, and stops both after them. */
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

  /** Opens a page in a fresh browser context. The test fails if the browser reports a problem. */
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

/** Creates a browser context with its own cookies and pages. */
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
