import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { AgentTable } from "#web/screens/agents/agent-table.tsx";
import { CreateAgent } from "#web/screens/agents/create-agent.tsx";
import { Button } from "#web/ui/button.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Page, Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";

/** All agents that the caller may use. */
export function AgentsScreen() {
  const { agents: words } = useTexts();
  const { q = "" } = useSearch({ from: "/agents" });
  const navigate = useNavigate({ from: "/agents" });
  const agents = useCall("agents.list", {});
  const mayCreate = hasRole(useCaller(), "operator");
  const [isCreating, setIsCreating] = useState(false);
  const createButton = mayCreate && (
    <Button variant="primary" icon={Plus} onClick={() => setIsCreating(true)}>
      {words.create}
    </Button>
  );

  return (
    <Page title={words.title} actions={createButton}>
      <Answered query={agents}>
        {({ agents: all }) =>
          all.length === 0 ? (
            <EmptyState title={words.empty} hint={words.emptyHint} action={createButton} />
          ) : (
            <>
              <Toolbar>
                <SearchInput
                  value={q}
                  onChange={(q) => void navigate({ search: (before) => ({ ...before, q }), replace: true })}
                  placeholder={words.search}
                  shortcut="/"
                />
              </Toolbar>
              <AgentTable agents={all} search={q} />
            </>
          )
        }
      </Answered>
      {isCreating && <CreateAgent onClose={() => setIsCreating(false)} />}
    </Page>
  );
}
