import { isRecord } from "#base/json.ts";
import type { Invocation } from "#cli/invocation.ts";
import { toCell } from "#cli/output/to-cell.ts";
import { toFields } from "#cli/output/to-fields.ts";
import { toTable } from "#cli/output/to-table.ts";
import type { Input, ResourceCommand, Show } from "#cli/resources/resource-command.ts";
import { safeJson, safeLine, safeText } from "#cli/terminal/safe-text.ts";

/** Prints an answer: as JSON, as ids, or for people. */
export function showAnswer(
  command: ResourceCommand,
  answer: unknown,
  input: Input,
  invocation: Invocation<{ readonly json?: boolean; readonly quiet?: boolean }>,
): void {
  const { json, quiet } = invocation.options;
  if (json) invocation.print(safeJson(answer, 2));
  else if (quiet) invocation.print(...toIds(command.show, answer).map(safeLine));
  else {
    invocation.print(...toLines(command.show, answer, input, invocation));
    noteRest(answer, invocation);
  }
}

// The answer is that of the command's own operation, whose type the definition of the command was checked against.
const typed = (answer: unknown) => answer as never;

function toIds(show: Show<never>, answer: unknown): readonly string[] {
  switch (show.kind) {
    case "table":
      return show.rows(typed(answer)).map((row) => show.id(typed(row)));
    case "fields":
      return [show.id(typed(answer))];
    case "sentence":
    case "texts":
      return [];
  }
}

function toLines(show: Show<never>, answer: unknown, input: Input, { terminal }: Pick<Invocation, "terminal">) {
  switch (show.kind) {
    case "table": {
      const rows = show.rows(typed(answer));
      if (rows.length === 0) return [show.empty];
      const cells = rows.map((row) => show.columns.map(({ kind, value }) => toCell(value(typed(row)), kind)));
      const columns = show.columns.map(({ title, isKey, isExtra = false, kind = "plain" }) => ({
        title,
        isExtra,
        isWhole: isKey === true || kind !== "plain",
      }));
      return toTable(columns, cells, terminal.out);
    }
    case "fields":
      return toFields(show.fields(typed(answer)), terminal.out);
    case "sentence":
      return [safeLine(show.sentence(typed(answer), input))];
    case "texts":
      return show
        .texts(typed(answer))
        .flatMap(({ heading, text }) => [terminal.out.paint("bold", safeLine(heading)), safeText(text), ""]);
  }
}

/** Says that there is more than the page that is shown. */
function noteRest(answer: unknown, invocation: Pick<Invocation, "note">): void {
  if (!isRecord(answer)) return;
  const { total, limit, offset } = answer;
  if (typeof total !== "number" || typeof limit !== "number" || typeof offset !== "number") return;
  if (total <= limit && offset === 0) return;
  const last = Math.min(total, offset + limit);
  invocation.note(`${Math.min(offset + 1, last)}–${last} of ${total}. --limit and --offset show others.`);
}
