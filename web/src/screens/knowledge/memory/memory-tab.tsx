import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { InputOf, OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall, usePages } from "#web/live/use-call.ts";
import { CreateDocument } from "#web/screens/knowledge/memory/create-document.tsx";
import { IndexAll } from "#web/screens/knowledge/memory/index-all.tsx";
import { MemoryDocument } from "#web/screens/knowledge/memory/memory-document.tsx";
import { findMemoryKey } from "#web/screens/knowledge/memory/memory-key.ts";
import { MemoryList } from "#web/screens/knowledge/memory/memory-list.tsx";
import { Button } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";

const rowsOf = ({ entries }: OutputOf<"memory.list">) => entries;

/** What agents remember: a list that can be searched, and the document that is open beside it. */
export function MemoryTab() {
  const { knowledge: words } = useTexts();
  const search = useSearch({ from: "/knowledge" });
  const { q = "", user = "" } = search;
  const navigate = useNavigate({ from: "/knowledge" });
  const caller = useCaller();
  const [isCreating, setIsCreating] = useState(false);
  const agents = useCall("agents.list", {});
  // Others than administrators look at one agent at a time.
  const isAdmin = hasRole(caller, "admin");
  const agent = search.agent ?? (isAdmin ? "" : (agents.data?.agents[0]?.agent_key ?? ""));
  const input: InputOf<"memory.list"> = {
    ...(q !== "" && { q }),
    ...(agent !== "" && { agent_id: agent }),
    ...(user !== "" && { user_id: user }),
  };
  const waitsForAgents = !isAdmin && agents.data === undefined;
  const entries = usePages("memory.list", input, rowsOf, { isEnabled: !waitsForAgents });
  const awaited = waitsForAgents ? { data: undefined, error: agents.error, refetch: agents.refetch } : entries;
  const opened = findMemoryKey(search);
  const isFiltered = q !== "" || search.agent !== undefined || user !== "";
  const change = (changed: { q?: string; agent?: string; user?: string }) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(Object.entries({ ...before, ...changed }).filter(([, value]) => value !== "")),
      replace: true,
    });
  const createButton = hasRole(caller, "operator") && (
    <Button variant="primary" icon={Plus} onClick={() => setIsCreating(true)}>
      {words.newDocument}
    </Button>
  );

  return (
    <>
      {/* Where there is room for one thing only, a document that is open is it. */}
      <div className={cn(opened && "max-lg:hidden")}>
        <Toolbar
          end={
            <>
              {agent !== "" && hasRole(caller, "operator") && <IndexAll agent={agent} />}
              {createButton}
            </>
          }
        >
          <SearchInput value={q} onChange={(q) => change({ q })} placeholder={words.searchMemory} shortcut="/" />
          <Combobox
            aria-label={words.agent}
            className="w-44"
            value={agent}
            onValueChange={(agent) => change({ agent })}
            options={[
              ...(isAdmin ? [{ value: "", label: words.allAgents }] : []),
              ...(agents.data?.agents ?? []).map(({ agent_key, display_name }) => ({
                value: agent_key,
                label: display_name || agent_key,
                hint: agent_key,
              })),
            ]}
          />
          {isAdmin && (
            <SearchInput
              value={user}
              onChange={(user) => change({ user })}
              placeholder={words.asPerson}
              className="w-56 sm:w-56"
            />
          )}
        </Toolbar>
      </div>
      <Answered query={awaited}>
        {(rows) =>
          rows.length === 0 && !opened ? (
            isFiltered ? (
              <EmptyState
                title={words.noMatch}
                action={<Button onClick={() => void navigate({ search: {} })}>{words.clearFilters}</Button>}
              />
            ) : (
              <EmptyState title={words.emptyMemory} hint={words.emptyMemoryHint} action={createButton} />
            )
          ) : (
            <div className="grid min-w-0 gap-4 lg:grid-cols-[22rem_minmax(0,1fr)]">
              <div className={cn("min-w-0", opened && "max-lg:hidden")}>
                <MemoryList
                  entries={rows}
                  agents={agents.data?.agents ?? []}
                  opened={opened}
                  hasMore={entries.hasNextPage}
                  isLoadingMore={entries.isFetchingNextPage}
                  onMore={() => void entries.fetchNextPage()}
                />
              </div>
              {opened ? (
                <MemoryDocument
                  key={`${opened.of} ${opened.owner} ${opened.doc}`}
                  id={opened}
                  hit={
                    q === ""
                      ? undefined
                      : rows.find(
                          ({ agent_id, path, user_id }) =>
                            agent_id === opened.of && path === opened.doc && user_id === opened.owner,
                        )
                  }
                />
              ) : (
                <p className="place-self-center py-16 text-soft max-lg:hidden">{words.chooseDocument}</p>
              )}
            </div>
          )
        }
      </Answered>
      {isCreating && <CreateDocument agents={agents.data?.agents ?? []} onClose={() => setIsCreating(false)} />}
    </>
  );
}
