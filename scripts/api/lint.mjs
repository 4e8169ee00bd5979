// Judges docs/openapi.json by Redocly's strict rules, examples against their schemas among them.
import { createConfig, formatProblems, getTotals, lint } from "@redocly/openapi-core";
import { documentPath } from "./document.mjs";

const config = await createConfig({
  extends: ["recommended-strict"],
  rules: {
    "operation-description": "error",
    "no-invalid-parameter-examples": "error",
    "no-invalid-schema-examples": "error",
    // The endpoints for operators and the keys can't be asked in a wrong way.
    "operation-4xx-response": "off",
  },
});
const problems = await lint({ ref: documentPath(), config });
const totals = getTotals(problems);
if (problems.length > 0) {
  formatProblems(problems, { format: "stylish", totals, version: "", maxProblems: 100 });
  process.exitCode = 1;
}
