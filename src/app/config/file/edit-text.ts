import { isDeepStrictEqual } from "node:util";
import JSON5 from "json5";
import { findMembers, type Member, skipTrivia } from "#app/config/file/find-members.ts";
import type { Sections } from "#app/config/file/parse-sections.ts";
import { isRecord, ownValue } from "#base/json.ts";

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Changes a text of JSON5 with the content `before` into one with the content `after`. What is the same in both stays as
 * it is written, with its comments. A text that has a key twice is written anew.
 */
export function editText(text: string, before: Sections, after: Sections): string {
  const edits = editsOf(text, skipTrivia(text, 0), { before, after, level: 1 });
  if (edits.length === 0) return text;
  // From the end to the start. Of two at one place, the later one comes first, so that it stays behind the other.
  const edited = edits
    .toReversed()
    .toSorted((one, other) => other.start - one.start)
    .reduce((rest, { start, end, text: part }) => rest.slice(0, start) + part + rest.slice(end), text);
  return holds(edited, after) ? edited : `${formatValue(after, 0)}\n`;
}

function holds(text: string, content: Sections): boolean {
  try {
    return isDeepStrictEqual(JSON5.parse(text), content);
  } catch {
    return false;
  }
}

interface ObjectChange {
  readonly before: Sections;
  readonly after: Sections;
  /** How deep the members of the object stand in the text. */
  readonly level: number;
}

function editsOf(text: string, start: number, { before, after, level }: ObjectChange): readonly Edit[] {
  const { members, end } = findMembers(text, start);
  const changes = members.flatMap((member): readonly Edit[] => {
    const { name, valueStart, valueEnd } = member;
    if (!Object.hasOwn(after, name)) return [{ start: member.start, end: member.end, text: "" }];
    const [old, value] = [ownValue(before, name), ownValue(after, name)];
    if (isDeepStrictEqual(old, value)) return [];
    if (isRecord(old) && isRecord(value)) {
      return editsOf(text, valueStart, { before: old, after: value, level: level + 1 });
    }
    return [{ start: valueStart, end: valueEnd, text: formatValue(value, level) }];
  });
  const known = new Set(members.map(({ name }) => name));
  const added = Object.entries(after).filter(([name]) => !known.has(name));
  if (added.length === 0) return changes;
  const lines = added.map(([name, value]) => `${formatName(name)}: ${formatValue(value, level)},`);
  return [...changes, ...commaBehind(members.at(-1), after), addition(text, end, { lines, level })];
}

/** Returns the comma that the last member needs if it stays and another one follows. */
const commaBehind = (last: Member | undefined, after: Sections): readonly Edit[] =>
  last && last.end === last.valueEnd && Object.hasOwn(after, last.name)
    ? [{ start: last.valueEnd, end: last.valueEnd, text: "," }]
    : [];

/** Adds members before the closing brace: on lines of their own if the brace has one. */
function addition(
  text: string,
  end: number,
  { lines, level }: { readonly lines: readonly string[]; readonly level: number },
): Edit {
  const lineStart = text.lastIndexOf("\n", end - 1) + 1;
  const hasLine = lineStart > 0 && text.slice(lineStart, end).trim() === "";
  if (!hasLine) return { start: end, end, text: `${/\s/.test(text[end - 1] ?? "") ? "" : " "}${lines.join(" ")} ` };
  const own = lines.map((line) => `${indent(level)}${line}\n`);
  return { start: lineStart, end, text: `${own.join("")}${indent(level - 1)}` };
}

const indent = (level: number): string => "  ".repeat(level);

const formatValue = (value: unknown, level: number): string =>
  JSON5.stringify(value, { quote: '"', space: 2 }).replaceAll("\n", `\n${indent(level)}`);

const formatName = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));
