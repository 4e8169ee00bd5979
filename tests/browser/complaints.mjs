// The problems that a browser reports on the server's pages: script errors, violations of the content security
// policy, and files that fail to load.
import assert from "node:assert/strict";

/** Collects the problems of all pages of a context. */
export function watch(context) {
  const complaints = [];
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !isAboutStatus(message)) {
      complaints.push(`${message.location().url}: ${message.text()}`);
    }
  });
  context.on("weberror", (error) => complaints.push(`${error.page()?.url()}: ${error.error()}`));
  context.on("response", (response) => {
    const isPage = response.request().isNavigationRequest();
    if (!isPage && response.status() >= 400) complaints.push(`${response.url()}: ${response.status()}`);
  });
  return { none: () => assert.deepEqual(complaints, []) };
}

/** Browsers report error statuses of pages, which refused forms have. Failed files are collected above. */
function isAboutStatus(message) {
  return /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
}
