import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createDoorward, memoryDevice } from "doorward-client";
import { startServer } from "./server.mjs";

let server: Awaited<ReturnType<typeof startServer>>;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const password = "correct horse battery staple";

test("device token of a sign-in is kept and sent with the next one", async () => {
  const sent: (string | null)[] = [];
  const device = memoryDevice();
  const doorward = createDoorward({
    baseUrl: server.url,
    device,
    fetch: (request) => {
      sent.push(request.headers.get("Device-Token"));
      return fetch(request);
    },
  });
  const body = { email: "ada@example.com", username: "ada", password };
  await doorward.POST("/v1/auth/register", { body });
  const first = await device.get();
  assert.match(first ?? "", /^dwd_/);
  await doorward.POST("/v1/auth/logout");
  assert.equal(await device.get(), first);

  await doorward.POST("/v1/auth/login", { body: { username: "ada", password: "wrong" } });
  assert.equal(await device.get(), first);
  await doorward.POST("/v1/auth/login", { body: { username: "ada", password } });
  const second = await device.get();
  assert.match(second ?? "", /^dwd_/);
  assert.notEqual(second, first);
  assert.deepEqual(sent, [null, null, first, first]);
});

test("device token of a password reset is kept for the next sign-in", async () => {
  const device = memoryDevice();
  const answered = (token: string, status: number) =>
    createDoorward({
      baseUrl: server.url,
      device,
      fetch: async () => {
        const headers = { "Content-Type": "application/json", "Device-Token": token };
        return new Response("null", { status, headers });
      },
    });
  const body = { token: "dwp_x", new_password: password };
  await answered("dwd_refused", 401).POST("/v1/auth/reset-password", { body });
  assert.equal(await device.get(), undefined);
  await answered("dwd_reset", 200).POST("/v1/auth/reset-password", { body });
  assert.equal(await device.get(), "dwd_reset");
});
