import { readFileSync, writeFileSync } from "node:fs";

const PATH = "docs/benchmarks.md";

/** Writes the first part of the report and leaves its sections, which other measurements write. */
export function writeFirstPart(text: string): void {
  const sections = /\n## [\s\S]*/.exec(readFileSync(PATH, "utf8"))?.[0] ?? "";
  writeFileSync(PATH, `${text.trimEnd()}\n${sections}`);
}

/** Writes a section of the report in place of the one with this title, or at the end. */
export function writeSection(title: string, text: string): void {
  const [first = "", ...others] = readFileSync(PATH, "utf8").split(/\n(?=## )/);
  const section = `## ${title}\n\n${text.trim()}\n`;
  const isThis = (other: string) => other.startsWith(`## ${title}\n`);
  const sections = others.some(isThis)
    ? others.map((other) => (isThis(other) ? section : other))
    : [...others, section];
  writeFileSync(PATH, [first, ...sections].map((part) => `${part.trimEnd()}\n`).join("\n"));
}
