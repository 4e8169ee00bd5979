import { createDoorward } from "doorward-client";

const doorward = createDoorward({
  baseUrl: process.env["DOORWARD_URL"] ?? "http://127.0.0.1:8080",
});

await doorward.POST("/v1/auth/register", {
  body: { email: "ada@example.com", username: "ada", password: "correct horse battery staple" },
});

// From now on, the client sends the access token, and refreshes it when it expires.
const { error } = await doorward.PUT("/v1/auth/me/profile", {
  body: { full_name: "Ada Lovelace", timezone: "Europe/Camelot" },
});
if (error && "detail" in error) {
  // 422: input that the user has to correct.
  for (const { loc, type } of error.detail) console.log(loc.at(-1), type);
} else if (error) {
  // All other errors have a code.
  throw new Error(`${error.error}: ${error.message}`);
}

const { data: profile } = await doorward.PUT("/v1/auth/me/profile", {
  body: { full_name: "Ada Lovelace", timezone: "Europe/London", preferences: { theme: "dark" } },
});
console.log(profile?.full_name);

await doorward.POST("/v1/auth/logout");
