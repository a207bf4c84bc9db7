import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import { ToolError } from "#runtime/tools/index.ts";

/**
 * Returns some lines of a text, as many as fit into one reading, and says how to go on. `offset` is the first line, and
 * 1 is the first of the text. Throws `ToolError` for a line behind the end.
 */
export function takeLines(text: string, offset: number, limit: number | undefined): string {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  if (lines.length === 0) return "The file is empty.";
  if (offset > lines.length) throw new ToolError(`The file has only ${lines.length} lines.`);

  const wanted = lines.slice(offset - 1, limit && offset - 1 + limit);
  const taken = fitting(wanted);
  const first = wanted[0] ?? "";
  if (taken === 0) {
    const note = `[line ${offset} has ${first.length} characters and was cut${goOn(offset + 1, lines.length)}]`;
    return `${headOf(first, LIMITS.readFileChars)}\n${note}`;
  }
  const end = offset - 1 + taken;
  const shown = wanted.slice(0, taken).join("\n");
  return end === lines.length
    ? shown
    : `${shown}\n[lines ${offset} to ${end} of ${lines.length}${goOn(end + 1, lines.length)}]`;
}

const goOn = (next: number, total: number) => (next > total ? "" : `; go on with offset ${next}`);

/** Returns the number of leading lines that fit completely. */
function fitting(lines: readonly string[]): number {
  let room = LIMITS.readFileChars;
  const over = lines.findIndex((line) => {
    room -= line.length + 1;
    return room < -1;
  });
  return over === -1 ? lines.length : over;
}
