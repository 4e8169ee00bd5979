// Checks docs/reference/openapi.json with Redocly's strict rules, which include examples against their schemas.
import { createConfig, formatProblems, getTotals, lint } from "@redocly/openapi-core";
import { documentPath } from "./document.mjs";

const config = await createConfig({
  extends: ["recommended-strict"],
  rules: {
    "operation-description": "error",
    "no-invalid-parameter-examples": "error",
    "no-invalid-schema-examples": "error",
    // Requests to the operators' endpoints and the key set can't be invalid.
    "operation-4xx-response": "off",
  },
});
const problems = await lint({ ref: documentPath(), config });
const totals = getTotals(problems);
if (problems.length > 0) {
  formatProblems(problems, { format: "stylish", totals, version: "", maxProblems: 100 });
  process.exitCode = 1;
}
