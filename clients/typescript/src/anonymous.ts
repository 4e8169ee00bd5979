import type { paths } from "./schema.js";

/** Paths without authentication: a 401 from them is not about the access token, so the token is not sent. */
export const ANONYMOUS_PATHS = [
  "/v1/auth/config",
  "/v1/auth/invite-info",
  "/v1/auth/register",
  "/v1/auth/login",
  "/v1/auth/refresh",
  "/v1/auth/verify-email",
  "/v1/auth/resend-verification",
  "/v1/auth/forgot-password",
  "/v1/auth/reset-password",
  "/.well-known/jwks.json",
  "/healthz",
  "/readyz",
] as const satisfies readonly (keyof paths)[];
