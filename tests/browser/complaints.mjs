// What a browser complains of on the pages of the server: errors of scripts, what the content security
// policy has blocked, and files that can't be loaded.
import assert from "node:assert/strict";

/** Listens to all pages of a context. */
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

/** Pages with a form that was refused say so by their status, which the browser tells. Files are judged above. */
function isAboutStatus(message) {
  return /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
}
