import { useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import { RunStatus } from "#web/chat/run/run-status.tsx";
import type { Format } from "#web/i18n/format.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { usePages } from "#web/live/use-call.ts";
import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { TextLink } from "#web/ui/link.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

type Run = OutputOf<"runs.list">["runs"][number];

const columnsOf = (words: Texts["agents"], format: Format): readonly Column<Run>[] => [
  {
    key: "input",
    header: words.runInput,
    width: "minmax(0, 3fr)",
    cell: ({ input_preview, id }) => input_preview || id,
  },
  {
    key: "status",
    header: words.status,
    width: "8rem",
    cell: ({ status }) => <RunStatus status={status} />,
  },
  { key: "user", header: words.person, cell: ({ user_id }) => user_id, hideOnPhone: true },
  {
    key: "tokens",
    header: words.tokenCount,
    width: "6rem",
    align: "right",
    cell: ({ usage }) => format.compact(usage.input_tokens + usage.output_tokens),
    hideOnPhone: true,
  },
  {
    key: "cost",
    header: words.cost,
    width: "6rem",
    align: "right",
    cell: ({ cost }) => format.money(cost),
    hideOnPhone: true,
  },
  {
    key: "began",
    header: words.began,
    width: "8rem",
    cell: ({ created_at }) => <TimeText iso={created_at} />,
    hideOnPhone: true,
  },
];

/** The runs of one agent, the newest first. */
export function RunsTab({ agent }: AgentTabProps) {
  const { agents: words } = useTexts();
  const format = useFormat();
  const runs = usePages("runs.list", { agent_id: agent.id }, ({ runs }) => runs);
  const columns = useMemo(() => columnsOf(words, format), [words, format]);
  return (
    <div className="grid min-w-0 gap-3">
      <TextLink href={`/runs?agent=${encodeURIComponent(agent.agent_key)}`} className="justify-self-end">
        {words.filterRuns}
      </TextLink>
      <Answered query={runs}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title={words.noRuns} hint={words.noRunsHint} />
          ) : (
            <DataTable
              rows={rows}
              columns={columns}
              rowKey={keyOf}
              label={words.tabs.runs}
              hrefOf={toHref}
              hasMore={runs.hasNextPage}
              isLoadingMore={runs.isFetchingNextPage}
              onMore={() => void runs.fetchNextPage()}
            />
          )
        }
      </Answered>
    </div>
  );
}

const keyOf = ({ id }: Run) => id;
const toHref = ({ id }: Run) => `/runs/${id}`;
