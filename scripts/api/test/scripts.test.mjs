// Starts fake servers with the shell functions of scripts/api-fuzz.sh.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { root } from "../document.mjs";

const folder = mkdtempSync(join(tmpdir(), "doorward-scripts-"));
after(() => rmSync(folder, { recursive: true }));

/** Makes api_start run this line of shell instead of a server. */
function start(line, variables) {
  const binary = join(folder, "doorward");
  writeFileSync(binary, `#!/bin/sh\n[ "$1" = openapi ] || ${line}\n`);
  chmodSync(binary, 0o755);
  const script = "set -e; source scripts/api-fuzz.sh; trap api_clean EXIT; api_prepare; api_start DOORWARD_RATE_LIMITS_DEFAULT_PER_MINUTE=1";
  const env = { PATH: process.env.PATH, DOORWARD_TEST_BIN: binary, ...variables };
  return spawnSync("bash", ["--norc", "-c", script], { cwd: root, env, encoding: "utf8", timeout: 20_000 });
}

test("fuzzed server ignores the environment's database", () => {
  const outside = {
    DOORWARD_CONFIG: "/outside/doorward.toml",
    DOORWARD_DATABASE_URL: "sqlite:///outside",
    DOORWARD_DATABASE_URL_FILE: "/outside/url",
    DOORWARD_MASTER_KEY: "outside",
    DOORWARD_MAIL_URL: "smtp://outside",
  };
  const { stderr } = start("exec env", outside);
  assert.match(stderr, /^DOORWARD_DATA_DIR=.+\/data$/m);
  assert.match(stderr, /^DOORWARD_RATE_LIMITS_DEFAULT_PER_MINUTE=1$/m);
  assert.doesNotMatch(stderr, /outside/);
});

test("waiting for a server that does not listen times out", () => {
  const { status, stderr } = start("{ echo waiting for a database; exec sleep 60; }", { API_DEADLINE: "1" });
  assert.equal(status, 1);
  assert.match(stderr, /does not listen/);
  assert.match(stderr, /waiting for a database/);
});
