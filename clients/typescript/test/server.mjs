// Starts a real server for tests, with its own data folder, on a free port, without rate limits.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const binary =
  process.env["DOORWARD_TEST_BIN"] ??
  fileURLToPath(new URL("../../../target/debug/doorward", import.meta.url));

/**
 * * @param {Record<string, string>} settings environment variables in addition to those below, which they override
 */
export async function startServer(settings = {}) {
  const folder = await mkdtemp(join(tmpdir(), "doorward-test-"));
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const server = spawn(binary, {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      DOORWARD_LISTEN: address,
      DOORWARD_DATA_DIR: folder,
      DOORWARD_RATE_LIMITS_ENABLED: "false",
      // Cheap password hashes make the tests faster.
      DOORWARD_PASSWORDS_ARGON2_MEMORY_KIB: "64",
      DOORWARD_PASSWORDS_ARGON2_ITERATIONS: "1",
      DOORWARD_LOG_FILTER: "error",
      ...settings,
    },
  });
  const ended = once(server, "exit");
  process.once("exit", () => server.kill());

  const stop = async () => {
    server.kill();
    await ended;
    await rm(folder, { recursive: true });
  };

  await until("the server is ready", async () => {
    if (server.exitCode !== null) throw new Error(`${binary} exited with ${server.exitCode}`);
    return fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
  });

  /**
   * * Returns the token with this prefix (`dwv`, `dwp`, `dwi`) from the link of an email.
   * @param {string} prefix
   */
  const mailedToken = (prefix) =>
    until(`an email with a token ${prefix}_…`, async () => {
      // The folder is created with the first email.
      const files = await readdir(join(folder, "mail")).catch(() => []);
      const mails = files.filter((file) => file.endsWith(".eml"));
      const texts = mails.map((mail) => readFile(join(folder, "mail", mail), "utf8"));
      const match = (await Promise.all(texts)).join().match(`[?]token=(${prefix}_[\\w-]+)`);
      return match?.[1];
    });

  return { url, folder, stop, mailedToken };
}

async function freePort() {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  listener.close();
  await once(listener, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/**
 * * Calls `ask` until it returns a truthy value, and returns that.
 * @template T
 * @param {string} what
 * @param {() => Promise<T | undefined | false>} ask
 */
async function until(what, ask) {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer) return answer;
    await pause(20);
  }
  throw new Error(`timed out waiting: ${what}`);
}
