// Functions that write Markdown.
export const json = (value) => fence("json", pretty(value));

/** Writes JSON on several lines, but lists of scalars on one. */
export function pretty(value, replacer = null) {
  return JSON.stringify(value, replacer, 2).replaceAll(/\[\s+([^\][{}]*?)\s+\]/g, (_, items) => `[${oneLine(items)}]`);
}

export function onOneLine(value, replacer = null) {
  return oneLine(JSON.stringify(value, replacer, 1)).replace(/^\{ (.*) \}$/, "{$1}");
}

const oneLine = (text) => text.replaceAll(/\s*\n\s*/g, " ");

export function fence(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

export function table(head, rows) {
  const line = (cells) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

const cell = (text) => oneLine(String(text)).replaceAll("|", "\\|");

export function details(summary, text) {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}

export const code = (text) => `\`${text}\``;

export function paragraphs(...parts) {
  return parts.flat().filter(Boolean).join("\n\n");
}

/** Returns the anchor of a heading. */
export function anchor(heading) {
  return heading.toLowerCase().replaceAll(/[^\w\- ]/g, "").replaceAll(" ", "-");
}
