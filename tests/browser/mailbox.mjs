// The mails of a server in development.
import { setTimeout as pause } from "node:timers/promises";
import { send, signedUp } from "./people.mjs";

/** The link of the newest mail to an address whose link leads to this page: its path, with its token. */
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
  throw new Error(`there came no mail to ${address} that leads to ${page}`);
}

/** The token of such a link. */
export async function mailedToken(here, page, address) {
  const link = await mailedLink(here, page, address);
  return new URL(link, here.url).searchParams.get("token");
}

/** Confirms a person's address, where a test is not about that. */
export async function confirm(here, page, { email }) {
  await send(page, "/verify-email", { token: await mailedToken(here, "/verify-email", email) });
}

/** A new person whose address is confirmed: only such people invite. */
export async function confirmed(here, page, name) {
  const person = await signedUp(page, name);
  await confirm(here, page, person);
  return person;
}
