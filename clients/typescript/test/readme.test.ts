import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { startServer } from "./server.mjs";

let server: Awaited<ReturnType<typeof startServer>>;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

test("examples in the README equal the compiled ones", async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), "utf8");
  const readme = await read("../README.md");
  const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, example]) => example);
  const compiled = [await read("../test/example.ts"), await read("../test/example.store.ts")];
  assert.deepEqual(examples, compiled);
});

test("first example runs", async (t) => {
  const log = t.mock.method(console, "log", () => {});
  process.env["DOORWARD_URL"] = server.url;
  await import("./example.js");
  assert.deepEqual(
    log.mock.calls.map((call) => call.arguments),
    [["timezone", "timezone_unknown"], ["Ada Lovelace"]],
  );
});

test("browser store keeps and deletes tokens", async () => {
  const kept = new Map<string, string>();
  Object.defineProperty(globalThis, "localStorage", {
    value: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    },
  });
  const { browserStore } = await import("./example.store.js");
  assert.equal(await browserStore.get(), undefined);
  const tokens = { access_token: "access", refresh_token: "refresh" };
  await browserStore.set(tokens);
  assert.deepEqual(await browserStore.get(), tokens);
  await browserStore.set(undefined);
  assert.equal(await browserStore.get(), undefined);
  assert.equal(kept.size, 0);
});
