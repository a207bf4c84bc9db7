import { useNavigate, useSearch } from "@tanstack/react-router";
import { LayoutGrid, Plus, Rows3 } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { usePages } from "#web/live/use-call.ts";
import { CreateAgent } from "#web/screens/agents/create-agent.tsx";
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
  const agents = usePages("agents.list", q === "" ? {} : { q }, ({ agents }) => agents);
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isPlaceholderData } = agents;
  const mayCreate = hasRole(useCaller(), "operator");
  const [isCreating, setIsCreating] = useState(false);
  // The answer to a search that has just ended stays for a moment.
  const isSearch = q !== "" || isPlaceholderData;
  const createButton = mayCreate && (
    <Button variant="primary" icon={Plus} onClick={() => setIsCreating(true)}>
      {words.create}
    </Button>
  );
  const List = view === "cards" ? AgentCards : AgentTable;

  return (
    <Page title={words.title} actions={createButton}>
      <Answered query={agents}>
        {(found) =>
          found.length === 0 && !isSearch ? (
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
                  maxLength={200}
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
