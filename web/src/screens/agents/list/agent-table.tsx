import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { Texts } from "#web/i18n/texts.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { AgentMenu } from "#web/screens/agents/list/agent-menu.tsx";
import { AgentStatus } from "#web/screens/agents/list/agent-status.tsx";
import { Avatar } from "#web/ui/avatar.tsx";
import { Badge } from "#web/ui/badge.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

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
  { key: "key", header: words.key, width: "minmax(0, 0.8fr)", cell: ({ agent_key }) => agent_key, hideOnPhone: true },
  {
    key: "model",
    header: words.model,
    width: "minmax(0, 1.6fr)",
    cell: ({ provider, model }) => `${provider} / ${model}`,
    hideOnPhone: true,
  },
  { key: "owner", header: words.owner, width: "minmax(0, 0.6fr)", cell: ({ owner_id }) => owner_id, hideOnPhone: true },
  {
    key: "status",
    header: words.status,
    width: "8rem",
    cell: ({ status }) => <AgentStatus status={status} />,
  },
  {
    key: "updated",
    header: words.updated,
    width: "8rem",
    cell: ({ updated_at }) => <TimeText iso={updated_at} />,
    hideOnPhone: true,
  },
];

export interface AgentListProps {
  readonly agents: readonly Agent[];
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly onMore: () => void;
}

/** Agents as a table, to compare them. */
export function AgentTable({ agents, ...more }: AgentListProps) {
  const { agents: words } = useTexts();
  const columns = useMemo(() => columnsOf(words), [words]);
  const navigate = useNavigate();
  const rowActions = useCallback(
    (agent: Agent) => (
      <AgentMenu
        agent={agent}
        size="sm"
        onChat={() => void navigate({ to: "/chat", search: { agent: agent.agent_key } })}
      />
    ),
    [navigate],
  );
  return (
    <DataTable
      rows={agents}
      columns={columns}
      rowKey={keyOf}
      label={words.title}
      hrefOf={toHref}
      rowActions={rowActions}
      {...more}
    />
  );
}

const keyOf = ({ id }: Agent) => id;
const toHref = ({ agent_key }: Agent) => `/agents/${encodeURIComponent(agent_key)}`;
