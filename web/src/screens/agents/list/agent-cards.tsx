import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useRef } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { AgentMenu } from "#web/screens/agents/list/agent-menu.tsx";
import { AgentStatus } from "#web/screens/agents/list/agent-status.tsx";
import type { AgentListProps } from "#web/screens/agents/list/agent-table.tsx";
import { Avatar } from "#web/ui/avatar.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { useMedia } from "#web/ui/hooks/use-media.ts";
import { useRenderLink } from "#web/ui/link.tsx";
import { useShownRows } from "#web/ui/table/use-shown-rows.ts";

/** Of a card and the gap below it, in pixels. */
const ROW_HEIGHT = 168;
/** More is asked for when so many rows are left below the visible ones. */
const AHEAD = 4;

/** Agents as cards, for a first look at who they are. */
export function AgentCards({ agents, hasMore, isLoadingMore, onMore }: AgentListProps) {
  const { agents: words, ui } = useTexts();
  const isWide = useMedia("(min-width: 1280px)");
  const isMiddle = useMedia("(min-width: 640px)");
  const columns = isWide ? 3 : isMiddle ? 2 : 1;
  const count = Math.ceil(agents.length / columns);
  const body = useRef<HTMLUListElement>(null);
  const { first, end } = useShownRows(body, count, ROW_HEIGHT);
  const isNearEnd = end >= count - AHEAD;
  const askMore = useEffectEvent(onMore);
  useEffect(() => {
    if (isNearEnd && hasMore && !isLoadingMore) askMore();
  }, [isNearEnd, hasMore, isLoadingMore]);
  return (
    <>
      <ul ref={body} aria-label={words.title} className="relative" style={{ height: count * ROW_HEIGHT }}>
        {agents.slice(first * columns, end * columns).map((agent, index) => (
          <li
            key={agent.id}
            className="absolute pr-3 pb-3"
            style={{
              width: `calc((100% + 12px) / ${columns})`,
              left: `calc((100% + 12px) / ${columns} * ${index % columns})`,
              top: (first + Math.floor(index / columns)) * ROW_HEIGHT,
            }}
          >
            <AgentCard agent={agent} />
          </li>
        ))}
      </ul>
      {hasMore && (
        <Button variant="ghost" size="sm" isBusy={isLoadingMore} onClick={onMore} className="justify-self-center">
          {ui.loadMore}
        </Button>
      )}
    </>
  );
}

function AgentCard({ agent }: { readonly agent: Agent }) {
  const { agents: words } = useTexts();
  const navigate = useNavigate();
  const renderLink = useRenderLink();
  const name = agent.display_name || agent.agent_key;
  return (
    <article className="relative flex h-[156px] min-w-0 flex-col gap-2 rounded-lg border border-line bg-card p-4 transition-colors has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-accent hover:border-line-strong">
      <div className="flex min-w-0 items-start gap-3">
        <Avatar name={name} emoji={agent.emoji} size="lg" />
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold">
            {renderLink({
              href: `/agents/${encodeURIComponent(agent.agent_key)}`,
              className: "outline-none after:absolute after:inset-0 after:rounded-lg focus-visible:outline-none",
              children: name,
            })}
          </h2>
          <p className="truncate text-note text-soft">{agent.agent_key}</p>
        </div>
        <div className="relative z-1 -mt-1 -mr-2">
          <AgentMenu
            agent={agent}
            size="sm"
            onChat={() => void navigate({ to: "/chat", search: { agent: agent.agent_key } })}
          />
        </div>
      </div>
      <p className="line-clamp-2 flex-1 text-soft text-table">{agent.frontmatter || agent.agent_description}</p>
      <div className="flex h-5 min-w-0 items-center gap-3 text-note">
        <AgentStatus status={agent.status} />
        {agent.is_default && <Badge>{words.isDefault}</Badge>}
        <span className="ml-auto truncate text-soft">{agent.model}</span>
      </div>
    </article>
  );
}
