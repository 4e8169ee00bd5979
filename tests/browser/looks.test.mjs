// Screenshots and accessibility checks of every page.
import { before, describe, test } from "node:test";
import { watch } from "./complaints.mjs";
import { inEachLook } from "./looks.mjs";
import { confirm, mailedLink, mailedToken } from "./mailbox.mjs";
import { password, send } from "./people.mjs";
import { come, places } from "./places.mjs";
import { arrive, stage } from "./stage.mjs";

const people = {
  owner: { username: "ann", full_name: "Ann Lee", email: "ann@example.com", password },
  admin: { username: "ben", full_name: "Ben Abel", email: "ben@example.com", password },
  member: { username: "ben.long-name_that.is-hard_to.break", email: "benjamin.of.a.long.name@department.example.com", password },
  guest: { username: "cleo", email: "cleo@example.com", password },
  visitor: undefined,
};
const long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft (Zentrale)";

const here = stage();
const paths = {};
const sessions = {};

describe("every page is accessible", () => {
  before(furnish);

  for (const [language, locale] of [["en", "en-GB"], ["de", "de-DE"]]) {
    describe(`in ${language}`, () => {
      const pages = {};
      const complaints = {};
      before(async () => {
        for (const who of Object.keys(people)) {
          const context = await arrive(here, { locale, storageState: sessions[who] });
          complaints[who] = watch(context);
          pages[who] = await context.newPage();
        }
      });

      for (const [name, place] of Object.entries(places)) {
        test(name, async () => {
          await come(pages[place.who], place, paths);
          await inEachLook(pages[place.who], `${language}/${name}`);
          complaints[place.who].none();
        });
      }
    });
  }
});

/** Creates the users, and the organizations, invitations, and links that the pages need. */
async function furnish() {
  const pages = {};
  for (const [who, person] of Object.entries(people)) {
    const context = await arrive(here);
    pages[who] = await context.newPage();
    if (!person) continue;
    await send(pages[who], "/sign-up", person);
    if (who !== "guest") await confirm(here, pages[who], person);
  }
  const { owner, admin, member, guest } = pages;
  paths.engines = await organization(owner, "Engines & Co");
  paths.long = await organization(owner, long);
  await invite(owner, paths.engines, people.admin.email, "admin");
  await send(admin, "/invite", { token: await mailedToken(here, "/invite", people.admin.email) });
  paths.inviteOfAdmin = await mailedLink(here, "/invite", people.admin.email);
  await invite(owner, paths.long, people.member.email, "member");
  await send(member, "/invite", { token: await mailedToken(here, "/invite", people.member.email) });
  await invite(owner, paths.engines, people.guest.email, "member");
  await invite(owner, paths.long, "recipient.with.a.very.long.name.indeed@a.department.of.something.example.com", "owner");
  paths.inviteOfGuest = await mailedLink(here, "/invite", people.guest.email);
  await invite(owner, paths.engines, "dora@example.com", "member");
  paths.inviteOfNewcomer = await mailedLink(here, "/invite", "dora@example.com");
  paths.signUpOfNewcomer = paths.inviteOfNewcomer.replace("/invite?token=", "/sign-up?invite_token=");
  paths.verifyOfGuest = await mailedLink(here, "/verify-email", people.guest.email);
  paths.disownOfGuest = paths.verifyOfGuest.replace("/verify-email?", "/verify-email/not-me?");
  await send(pages.visitor, "/forgot-password", { email: people.member.email });
  paths.resetOfMember = await mailedLink(here, "/reset-password", people.member.email);
  await guest.goto("/account/organizations");
  paths.personalOfGuest = await guest.getByRole("main").getByRole("link").getAttribute("href");
  await pages.owner.goto(paths.engines);
  for (const what of ["remove", "revoke"]) {
    const link = pages.owner.locator(`a[href$="/${what}"]`).first();
    paths[what === "revoke" ? "withdraw" : what] = await link.getAttribute("href");
  }
  paths.delete = `${paths.engines}/delete`;
  paths.leave = `${paths.long}/leave`;
  for (const device of ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1", "curl/8.5.0"]) {
    const context = await arrive(here, { userAgent: device });
    await send(await context.newPage(), "/sign-in", people.owner);
    await context.close();
  }
  for (const who of Object.keys(people)) {
    sessions[who] = await pages[who].context().storageState();
    await pages[who].context().close();
  }
}

async function organization(page, name) {
  const answer = await send(page, "/account/organizations", { name });
  return new URL(answer.url()).pathname;
}

function invite(page, organization, email, role) {
  return send(page, `${organization}/invites`, { email, role });
}
