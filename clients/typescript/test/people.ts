import assert from "node:assert/strict";
import { createDoorward, memoryStore, type DoorwardOptions } from "doorward-client";

let count = 0;

/** Returns the data of a user without an account. */
export function newcomer() {
  const username = `ada${++count}`;
  return { username, email: `${username}@example.com`, password: "correct horse battery staple" };
}

/** Registers a new user with a new client. */
export async function signedUp(baseUrl: string, fetch?: DoorwardOptions["fetch"]) {
  const store = memoryStore();
  const client = createDoorward({ baseUrl, tokens: store, ...(fetch && { fetch }) });
  const person = newcomer();
  const { data } = await client.POST("/v1/auth/register", { body: person });
  assert.ok(data);
  return { client, store, person, user: data.user };
}
