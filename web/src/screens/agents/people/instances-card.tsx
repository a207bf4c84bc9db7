import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { InstanceDetails } from "#web/screens/agents/people/instance-details.tsx";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

export type Instance = OutputOf<"agents.instances.list">["instances"][number];

interface InstancesCardProps {
  readonly agent: Agent;
  readonly mayChange: boolean;
}

/** The people that an agent talked with, each with what it keeps of them. */
export function InstancesCard({ agent, mayChange }: InstancesCardProps) {
  const { agents: words } = useTexts();
  const { item } = useSearch({ from: "/agents/$agentId" });
  const navigate = useNavigate({ from: "/agents/$agentId" });
  const instances = useCall("agents.instances.list", { id: agent.id });
  const columns = useMemo<readonly Column<Instance>[]>(
    () => [
      { key: "user", header: words.person, width: "minmax(0, 2fr)", cell: ({ user_id }) => user_id },
      { key: "files", header: words.files, align: "right", width: "5rem", cell: ({ file_count }) => file_count },
      {
        key: "last",
        header: words.lastSeen,
        width: "minmax(7rem, 1fr)",
        cell: ({ last_seen_at }) => <TimeText iso={last_seen_at} />,
      },
      {
        key: "first",
        header: words.firstSeen,
        cell: ({ first_seen_at }) => <TimeText iso={first_seen_at} />,
        hideOnPhone: true,
      },
    ],
    [words],
  );
  const hrefOf = useCallback(
    ({ user_id }: Instance) =>
      `/agents/${encodeURIComponent(agent.agent_key)}?tab=people&item=${encodeURIComponent(user_id)}`,
    [agent.agent_key],
  );
  return (
    <Card title={words.people} padded={false}>
      <Answered query={instances}>
        {({ instances: all }) => {
          const chosen = all.find(({ user_id }) => user_id === item);
          return (
            <>
              {all.length === 0 ? (
                <EmptyState title={words.noPeople} hint={words.noPeopleHint} />
              ) : (
                <DataTable
                  rows={all}
                  columns={columns}
                  rowKey={keyOf}
                  label={words.people}
                  hrefOf={hrefOf}
                  selectedKey={chosen?.user_id}
                  total={all.length}
                  isPlain
                />
              )}
              <Drawer
                isOpen={chosen !== undefined}
                onClose={() => void navigate({ search: ({ item: _, ...rest }) => rest })}
                title={chosen?.user_id}
              >
                {chosen && <InstanceDetails agent={agent} instance={chosen} mayChange={mayChange} />}
              </Drawer>
            </>
          );
        }}
      </Answered>
    </Card>
  );
}

const keyOf = ({ user_id }: Instance) => user_id;
