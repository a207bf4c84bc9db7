import type { Finding } from "#core/findings.ts";

const MARKS = { ok: "✓", warning: "!", problem: "✗" } as const;
const AREA_WIDTH = 11;

/** Formats the findings as lines for the terminal, each followed by its advice. The last line is a summary. */
export function printFindings(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ area, level, text, advice }) => [
    `${MARKS[level]} ${area.padEnd(AREA_WIDTH)}${text}`,
    ...(advice === undefined ? [] : [`  ${"".padEnd(AREA_WIDTH)}→ ${advice}`]),
  ]);
  return `${[...lines, "", sumUp(findings)].join("\n")}\n`;
}

function sumUp(findings: readonly Finding[]): string {
  const count = (level: Finding["level"]) => findings.filter((finding) => finding.level === level).length;
  const [problems, warnings] = [count("problem"), count("warning")];
  if (problems + warnings === 0) return "All is well.";
  return `${amount(problems, "problem")}, ${amount(warnings, "warning")}.`;
}

const amount = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
