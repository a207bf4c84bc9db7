import { useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Avatar } from "#web/ui/avatar.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

type Agent = OutputOf<"agents.list">["agents"][number];

const TONES = { active: "good", inactive: "idle", summoning: "live", summon_failed: "bad" } as const;

const columnsOf = (words: Texts["agents"]): readonly Column<Agent>[] => [
  {
    key: "name",
    header: words.name,
    width: "minmax(0, 2fr)",
    cell: ({ agent_key, display_name, emoji, is_default }) => (
      <span className="flex min-w-0 items-center gap-2">
        <Avatar name={display_name || agent_key} emoji={emoji} size="sm" />
        <span className="truncate font-medium">{display_name || agent_key}</span>
        {is_default && <Badge>{words.isDefault}</Badge>}
      </span>
    ),
  },
  { key: "key", header: words.key, cell: ({ agent_key }) => agent_key, hideOnPhone: true },
  { key: "model", header: words.model, cell: ({ provider, model }) => `${provider} / ${model}`, hideOnPhone: true },
  { key: "owner", header: words.owner, cell: ({ owner_id }) => owner_id, hideOnPhone: true },
  {
    key: "status",
    header: words.status,
    width: "9rem",
    cell: ({ status }) => <Status tone={TONES[status]}>{words.statuses[status]}</Status>,
  },
  {
    key: "updated",
    header: words.updated,
    width: "8rem",
    cell: ({ updated_at }) => <TimeText iso={updated_at} />,
    hideOnPhone: true,
  },
];

/** Agents as a table, those that match a search. */
export function AgentTable({ agents, search }: { readonly agents: readonly Agent[]; readonly search: string }) {
  const { agents: words } = useTexts();
  const columns = useMemo(() => columnsOf(words), [words]);
  const sought = search.trim().toLowerCase();
  const rows = useMemo(
    () =>
      agents.filter(({ agent_key, display_name, model, provider }) =>
        [agent_key, display_name, model, provider].some((text) => text?.toLowerCase().includes(sought)),
      ),
    [agents, sought],
  );
  if (rows.length === 0) return <EmptyState title={words.noMatch} />;
  return (
    <DataTable rows={rows} columns={columns} rowKey={keyOf} label={words.title} hrefOf={toHref} total={rows.length} />
  );
}

const keyOf = ({ id }: Agent) => id;
const toHref = ({ agent_key }: Agent) => `/agents/${encodeURIComponent(agent_key)}`;
