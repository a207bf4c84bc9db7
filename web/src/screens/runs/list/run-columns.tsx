import { RunStatus } from "#web/chat/run/run-status.tsx";
import type { Format } from "#web/i18n/format.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { nameDoor } from "#web/screens/runs/list/name-door.ts";
import type { RunRow } from "#web/screens/runs/list/run-row.ts";
import type { Column } from "#web/ui/table/column.ts";
import { TimeText } from "#web/ui/text/time-text.tsx";

interface ColumnOptions {
  readonly hasModel: boolean;
  readonly isNarrow: boolean;
  /** How people call an agent. */
  readonly nameOf: (agent: string) => string;
}

/** The columns of the list. Traces know no model, and where there is little room, some go. */
export function runColumns(
  words: Texts["runs"],
  format: Format,
  { hasModel, isNarrow, nameOf }: ColumnOptions,
): readonly Column<RunRow>[] {
  const columns: readonly (Column<RunRow> | false)[] = [
    {
      key: "task",
      header: words.task,
      width: "minmax(0, 4fr)",
      cell: ({ task }) => task.trim() || <span className="text-faint">{words.noText}</span>,
    },
    { key: "state", header: words.state, width: "6.5rem", cell: ({ status }) => <RunStatus status={status} /> },
    {
      key: "agent",
      header: words.agent,
      width: "minmax(8.5rem, 1.5fr)",
      cell: ({ agent }) => nameOf(agent),
      hideOnPhone: true,
    },
    !isNarrow && { key: "person", header: words.person, width: "5.5rem", cell: ({ person }) => person },
    hasModel &&
      !isNarrow && {
        key: "model",
        header: words.model,
        width: "minmax(0, 2fr)",
        cell: ({ model }) => model ?? <span className="text-faint">–</span>,
      },
    !isNarrow && { key: "door", header: words.door, width: "4.5rem", cell: ({ door }) => nameDoor(words, door) },
    {
      key: "tokens",
      header: words.tokens,
      width: "3.5rem",
      align: "right",
      cell: ({ tokens }) => format.compact(tokens),
      hideOnPhone: true,
    },
    {
      key: "cost",
      header: words.cost,
      width: "5rem",
      align: "right",
      cell: ({ cost }) => format.money(cost),
      hideOnPhone: true,
    },
    {
      key: "duration",
      header: words.duration,
      width: "5rem",
      align: "right",
      cell: ({ duration }) => (duration === undefined ? "–" : format.duration(duration)),
      hideOnPhone: true,
    },
    {
      key: "at",
      header: words.begun,
      width: "7.5rem",
      align: "right",
      cell: ({ at }) => <TimeText iso={at} />,
      hideOnPhone: true,
    },
  ];
  return columns.filter((column) => column !== false);
}
