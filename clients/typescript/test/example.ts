import { createDoorward } from "doorward-client";

const doorward = createDoorward({
  baseUrl: process.env["DOORWARD_URL"] ?? "http://127.0.0.1:8080",
});

await doorward.POST("/v1/auth/register", {
  body: { email: "ada@example.com", username: "ada", password: "correct horse battery staple" },
});

// From here on the client sends the access token, and refreshes it when it has expired.
const { error } = await doorward.PUT("/v1/auth/me/profile", {
  body: { full_name: "Ada Lovelace", timezone: "Europe/Camelot" },
});
if (error && "detail" in error) {
  // 422: something for the person to mend.
  for (const { loc, type } of error.detail) console.log(loc.at(-1), type);
} else if (error) {
  // Anything else has a code.
  throw new Error(`${error.error}: ${error.message}`);
}

const { data: profile } = await doorward.PUT("/v1/auth/me/profile", {
  body: { full_name: "Ada Lovelace", timezone: "Europe/London", preferences: { theme: "dark" } },
});
console.log(profile?.full_name);

await doorward.POST("/v1/auth/logout");
