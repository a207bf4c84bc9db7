import { useNavigate, useSearch } from "@tanstack/react-router";
import { LayoutGrid, Plus, Rows3 } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { usePages } from "#web/live/use-call.ts";
import { CreateAgent } from "#web/screens/agents/create-agent.tsx";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { AgentCards } from "#web/screens/agents/list/agent-cards.tsx";
import { AgentTable } from "#web/screens/agents/list/agent-table.tsx";
import { Button } from "#web/ui/button.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Segments } from "#web/ui/fields/segments.tsx";
import { Page, Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";

/** All agents that the caller may use. */
export function AgentsScreen() {
  const { agents: words } = useTexts();
  const { q = "", view = "table" } = useSearch({ from: "/agents" });
  const navigate = useNavigate({ from: "/agents" });
  const agents = usePages("agents.list", {}, ({ agents }) => agents);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = agents;
  const mayCreate = hasRole(useCaller(), "operator");
  const [isCreating, setIsCreating] = useState(false);
  const found = useMemo(() => findAgents(agents.data ?? [], q), [agents.data, q]);
  // The gateway does not search agents, so a search needs all of them here.
  const needsMore = q !== "" && hasNextPage && !isFetchingNextPage;
  useEffect(() => {
    if (needsMore) void fetchNextPage();
  }, [needsMore, fetchNextPage]);
  const createButton = mayCreate && (
    <Button variant="primary" icon={Plus} onClick={() => setIsCreating(true)}>
      {words.create}
    </Button>
  );
  const List = view === "cards" ? AgentCards : AgentTable;

  return (
    <Page title={words.title} actions={createButton}>
      <Answered query={agents}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title={words.empty} hint={words.emptyHint} action={createButton} />
          ) : (
            <>
              <Toolbar
                end={
                  <Segments
                    aria-label={words.view}
                    value={view}
                    onValueChange={(view) =>
                      void navigate({ search: (before) => ({ ...before, view }), replace: true })
                    }
                    options={[
                      { value: "table", label: words.asTable, icon: Rows3 },
                      { value: "cards", label: words.asCards, icon: LayoutGrid },
                    ]}
                  />
                }
              >
                <SearchInput
                  value={q}
                  onChange={(q) => void navigate({ search: (before) => ({ ...before, q }), replace: true })}
                  placeholder={words.search}
                  shortcut="/"
                />
              </Toolbar>
              {found.length === 0 ? (
                <EmptyState title={words.noMatch} />
              ) : (
                <List
                  agents={found}
                  hasMore={hasNextPage}
                  isLoadingMore={isFetchingNextPage}
                  onMore={() => void fetchNextPage()}
                />
              )}
            </>
          )
        }
      </Answered>
      {isCreating && <CreateAgent onClose={() => setIsCreating(false)} />}
    </Page>
  );
}

function findAgents(agents: readonly Agent[], search: string): readonly Agent[] {
  const sought = search.trim().toLowerCase();
  return agents.filter(({ agent_key, display_name, model, provider, owner_id }) =>
    [agent_key, display_name, model, provider, owner_id].some((text) => text?.toLowerCase().includes(sought)),
  );
}
