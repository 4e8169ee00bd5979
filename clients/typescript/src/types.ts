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

/** The response body of a 422: the errors of a request's fields. */
export type ValidationErrorResponse = Schemas["HTTPValidationError"];
/** One validation error of a request. */
export type ValidationError = Schemas["ValidationError"];
/** The response body of every other error. */
export type ErrorResponse = Schemas["ErrorResponse"];
