// Runs the shell commands of docs/concepts/organizations.md with a real server.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { startServer } from "../../../clients/typescript/test/server.mjs";
import { baseUrl } from "../curl.mjs";
import { root } from "../document.mjs";

test("commands on the organizations page run as documented", async () => {
  const page = await readFile(join(root, "docs/concepts/organizations.md"), "utf8");
  const lines = [...page.matchAll(/^```sh\n(.*?)\n```$/gms)].map(([, block]) => block).join("\n");
  const server = await startServer();
  try {
    const script = `set -euo pipefail\n${lines.replaceAll(baseUrl, server.url).replaceAll("doorward-data", server.folder)}`;
    const { stdout } = await promisify(execFile)("bash", ["--norc", "-c", script], { timeout: 60_000 });
    // The invite, the switch, the members, the role change, the removal, and a rejected token.
    assert.match(stdout, /"role":"admin".*"access_token":.*"items":.*nullnull401\n$/s);
    assert.equal(stdout.match(/"error":/), null);
  } finally {
    await server.stop();
  }
});
