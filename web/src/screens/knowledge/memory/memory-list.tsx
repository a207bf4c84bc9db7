import { useSearch } from "@tanstack/react-router";
import type { OutputOf } from "#client/index.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import type { MemoryKey } from "#web/screens/knowledge/memory/memory-key.ts";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";
import { useRenderLink } from "#web/ui/link.tsx";
import { VirtualList } from "#web/ui/table/virtual-list.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

type Entry = OutputOf<"memory.list">["entries"][number];
type Agent = OutputOf<"agents.list">["agents"][number];

interface MemoryListProps {
  readonly entries: readonly Entry[];
  readonly agents: readonly Agent[];
  readonly opened: MemoryKey | undefined;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly onMore: () => void;
}

/** Documents of memory. Those that a search found say how well they fit, and where. */
export function MemoryList({ entries, agents, opened, hasMore, isLoadingMore, onMore }: MemoryListProps) {
  const { knowledge: words, ui } = useTexts();
  const names = new Map(agents.map(({ id, agent_key, display_name }) => [id, display_name || agent_key]));
  return (
    <div className="rounded-lg border border-line bg-card">
      <VirtualList
        items={entries}
        itemKey={({ id }) => id}
        label={words.memory}
        className="max-h-[calc(100dvh-14rem)] rounded-lg"
        render={(entry) => (
          <EntryItem
            entry={entry}
            agent={names.get(entry.agent_id) ?? entry.agent_id.slice(0, 8)}
            isOpen={opened?.of === entry.agent_id && opened.doc === entry.path && opened.owner === entry.user_id}
          />
        )}
      />
      {hasMore && (
        <div className="flex justify-center border-line border-t p-2">
          <Button variant="ghost" size="sm" isBusy={isLoadingMore} onClick={onMore}>
            {ui.loadMore}
          </Button>
        </div>
      )}
    </div>
  );
}

interface EntryItemProps {
  readonly entry: Entry;
  readonly agent: string;
  readonly isOpen: boolean;
}

function EntryItem({ entry, agent, isOpen }: EntryItemProps) {
  const { knowledge: words } = useTexts();
  const format = useFormat();
  const renderLink = useRenderLink();
  const { q, agent: chosen, user } = useSearch({ from: "/knowledge" });
  const { path, user_id, score, snippet, updated_at, source } = entry;
  const query = new URLSearchParams(
    Object.entries({ q, agent: chosen, user, of: entry.agent_id, doc: path, owner: user_id }).filter(
      (field): field is [string, string] => field[1] !== undefined,
    ),
  );
  return (
    <div className={cn("relative border-line border-b px-3 py-2 text-table hover:bg-hover", isOpen && "bg-selected")}>
      <div className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">
          {renderLink({
            href: `/knowledge?${query}`,
            ...(isOpen && { "aria-current": "true" as const }),
            className: "focus-inset after:absolute after:inset-0",
            children: path,
          })}
        </span>
        {score !== undefined && (
          <span className="tabular shrink-0 text-note text-soft">
            {words.score(format.number(Math.round(score * 100) / 100))}
          </span>
        )}
      </div>
      {snippet && <p className="mt-0.5 line-clamp-2 break-words text-soft">{snippet}</p>}
      <div className="mt-0.5 flex items-center gap-2 text-note text-soft">
        <span className="min-w-0 truncate">{agent}</span>
        <Badge>{user_id ?? words.everybody}</Badge>
        {source === "agent" && <Badge tone="live">{words.byAgent}</Badge>}
        <TimeText iso={updated_at} className="ml-auto shrink-0" />
      </div>
    </div>
  );
}
