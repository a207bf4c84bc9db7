import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { SquarePen } from "lucide-react";
import { useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall, usePages } from "#web/live/use-call.ts";
import { Button } from "#web/ui/button.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { VirtualList } from "#web/ui/table/virtual-list.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

type Session = OutputOf<"sessions.list">["sessions"][number];

/** The conversations, the latest used first, by agent and by what the gateway finds for a text. */
export function ConversationList() {
  const { chat: words } = useTexts();
  const { agent, of = "", session, q = "" } = useSearch({ from: "/chat" });
  const navigate = useNavigate({ from: "/chat" });
  const agents = useCall("agents.list", {});
  const sessions = usePages(
    "sessions.list",
    { ...(of !== "" && { agent_id: of }), ...(q !== "" && { q }) },
    ({ sessions }) => sessions,
  );
  // The next chat is with the agent that a person looks at.
  const next = of || agent || session?.split(":")[1] || "default";
  const options = useMemo(
    () => [
      { value: "", label: words.allAgents },
      ...(agents.data?.agents ?? []).map(({ agent_key, display_name }) => ({
        value: agent_key,
        label: display_name || agent_key,
      })),
    ],
    [agents.data, words],
  );

  return (
    <aside aria-label={words.conversations} className="flex h-full flex-col">
      <div className="flex flex-col gap-2 p-3">
        <Button asChild icon={SquarePen}>
          <Link to="/chat" search={{ agent: next, ...(of && { of }), ...(q && { q }) }}>
            {words.newChat}
          </Link>
        </Button>
        <SearchInput
          value={q}
          onChange={(q) => void navigate({ search: (before) => ({ ...before, q }), replace: true })}
          placeholder={words.search}
          shortcut="/"
          maxLength={200}
          className="sm:w-full"
        />
        <Select
          aria-label={words.agent}
          value={of}
          onValueChange={(of) =>
            void navigate({ search: ({ of: _, agent: __, ...rest }) => ({ ...rest, ...(of && { of }) }) })
          }
          options={options}
        />
      </div>
      <Answered query={sessions}>
        {(rows) => (
          <Sessions
            rows={rows}
            // The answer to a search that has just ended stays for a moment.
            isSearch={q !== "" || sessions.isPlaceholderData}
            onEnd={
              sessions.hasNextPage && !sessions.isFetchingNextPage ? () => void sessions.fetchNextPage() : undefined
            }
          />
        )}
      </Answered>
    </aside>
  );
}

interface SessionsProps {
  readonly rows: readonly Session[];
  readonly isSearch: boolean;
  /** Loads more where the list ends. */
  readonly onEnd: (() => void) | undefined;
}

function Sessions({ rows, isSearch, onEnd }: SessionsProps) {
  const { chat: words, ui } = useTexts();
  if (rows.length === 0) return <EmptyState title={isSearch ? words.noMatch : words.none} />;
  return (
    <>
      <VirtualList
        items={rows}
        itemKey={keyOf}
        label={words.conversations}
        estimate={56}
        className="min-h-0 flex-1 px-2 pb-2"
        render={(row) => <SessionLink session={row} />}
      />
      {onEnd && (
        <Button variant="ghost" onClick={onEnd} className="m-2">
          {ui.loadMore}
        </Button>
      )}
    </>
  );
}

const keyOf = ({ key }: Session) => key;

function SessionLink({ session: { key, label, agentName, updated } }: { readonly session: Session }) {
  const { chat: words } = useTexts();
  return (
    <Link
      to="/chat"
      search={({ q, of }) => ({ session: key, ...(q && { q }), ...(of && { of }) })}
      activeOptions={{ includeSearch: true }}
      activeProps={{}}
      className="focus-inset flex min-h-14 flex-col justify-center gap-0.5 rounded-md px-2 py-1.5 no-underline hover:bg-hover aria-[current=page]:bg-selected"
    >
      <span className="truncate">{label || words.untitled}</span>
      <span className="flex items-center gap-2 text-note text-soft">
        <span className="min-w-0 flex-1 truncate">{agentName}</span>
        <TimeText iso={updated} />
      </span>
    </Link>
  );
}
