// The development mailbox of a server.
import { setTimeout as pause } from "node:timers/promises";
import { send, signedUp } from "./people.mjs";

/** Waits for an email to an address with a link to this page, and returns the path and query of the newest one. */
export async function mailedLink({ url }, page, address, { after } = {}) {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const { mails } = await (await fetch(`${url}/dev/mail.json`)).json();
    const links = mails
      .filter((mail) => mail.to.includes(address))
      .map((mail) => mail.link?.slice(url.length))
      .filter((link) => link?.startsWith(`${page}?`));
    const link = links.find((link) => link !== after);
    if (link) return link;
    await pause(50);
  }
  throw new Error(`no email to ${address} with a link to ${page}`);
}

/** Returns the token of such a link. */
export async function mailedToken(here, page, address) {
  const link = await mailedLink(here, page, address);
  return new URL(link, here.url).searchParams.get("token");
}

/** Confirms a user's email address without its page. */
export async function confirm(here, page, { email }) {
  await send(page, "/verify-email", { token: await mailedToken(here, "/verify-email", email) });
}

/** Registers a user with a confirmed email address, which inviting requires. */
export async function confirmed(here, page, name) {
  const person = await signedUp(page, name);
  await confirm(here, page, person);
  return person;
}
