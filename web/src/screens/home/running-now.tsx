import { useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import { RunStatus } from "#web/chat/run/run-status.tsx";
import type { Texts } from "#web/i18n/texts.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useAgentName } from "#web/live/use-agent-name.ts";
import { useCall } from "#web/live/use-call.ts";
import { Section } from "#web/ui/page/card.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

type Run = OutputOf<"runs.list">["runs"][number];

const columnsOf = (words: Texts["home"], nameOf: (agent: string) => string): readonly Column<Run>[] => [
  { key: "agent", header: words.agent, width: "minmax(0, 1fr)", cell: ({ agent_key }) => nameOf(agent_key) },
  { key: "task", header: words.task, width: "minmax(0, 3fr)", cell: ({ input_preview }) => input_preview },
  { key: "person", header: words.person, cell: ({ user_id }) => user_id, hideOnPhone: true },
  { key: "state", header: words.state, width: "8rem", cell: ({ status }) => <RunStatus status={status} /> },
  {
    key: "since",
    header: words.since,
    width: "9rem",
    cell: ({ started_at, created_at }) => <TimeText iso={started_at ?? created_at} />,
    hideOnPhone: true,
  },
];

/** The runs that are under way. */
export function RunningNow() {
  const { home: words } = useTexts();
  const running = useCall("runs.list", { status: "running" });
  const nameOf = useAgentName();
  const columns = useMemo(() => columnsOf(words, nameOf), [words, nameOf]);
  return (
    <Section title={words.running}>
      <Answered query={running}>
        {({ runs }) =>
          runs.length === 0 ? (
            <p className="text-soft">{words.noneRunning}</p>
          ) : (
            <DataTable rows={runs} columns={columns} rowKey={keyOf} hrefOf={toHref} label={words.running} />
          )
        }
      </Answered>
    </Section>
  );
}

const keyOf = ({ id }: Run) => id;
const toHref = ({ id }: Run) => `/runs/${id}`;
