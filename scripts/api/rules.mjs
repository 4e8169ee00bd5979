// Descriptions of a schema's constraints.
export function rules(schema) {
  return [length(schema), range(schema), pattern(schema), usual(schema)].filter(Boolean).join(" ");
}

function length({ minLength: least, maxLength: most }) {
  if (most !== undefined) return least ? `${least} to ${most} characters.` : `At most ${most} characters.`;
  return least === 1 ? "Not empty." : "";
}

function range({ minimum: least, maximum: most }) {
  return least !== undefined && most !== undefined ? `${least} to ${most}.` : "";
}

function pattern({ pattern: expression }) {
  // The rule that no text may contain U+0000 is documented once, with the errors.
  const said = expression === undefined || expression.includes("\\u0000");
  return said ? "" : `Matches \`${expression}\`.`;
}

function usual({ default: value }) {
  return value === undefined ? "" : `Default: ${value}.`;
}
