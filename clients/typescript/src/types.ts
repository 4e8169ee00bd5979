import type { components } from "./schema.js";

export type { components, operations, paths } from "./schema.js";

type Schemas = components["schemas"];

export type User = Schemas["UserResponse"];
export type Profile = Schemas["ProfileResponse"];
export type Session = Schemas["SessionResponse"];
export type TokenResponse = Schemas["TokenResponse"];
export type AuthResponse = Schemas["AuthResponse"];
export type RegisterRequest = Schemas["RegisterRequest"];
export type UpdateProfileRequest = Schemas["UpdateProfileRequest"];

/** The answer 422: what is wrong with the fields of a request. */
export type ValidationErrorResponse = Schemas["HTTPValidationError"];
/** One thing that is wrong with a request. */
export type ValidationError = Schemas["ValidationError"];
/** Every other failure. */
export type ErrorResponse = Schemas["ErrorResponse"];
