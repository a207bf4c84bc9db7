import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { McpState } from "#web/screens/tools/mcp/mcp-state.tsx";
import type { ListedServer } from "#web/screens/tools/mcp/mcp-tab.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

/** The states of a server's connection, so that one that breaks now and then is noticed. */
export function McpStory({ server }: { readonly server: ListedServer }) {
  const { tools: words } = useTexts();
  const read = useCall("mcp.servers.get", { id: server.id });
  return (
    <Answered query={read}>
      {({ story }) =>
        story.length === 0 ? (
          <EmptyState title={words.noStory} hint={words.noStoryHint} />
        ) : (
          <ol aria-label={words.mcpParts.story} className="grid gap-1.5">
            {story.map(({ state, since, error }) => (
              <li
                key={`${since} ${state}`}
                className="grid grid-cols-[11rem_minmax(0,1fr)] gap-x-3 text-table max-sm:grid-cols-[minmax(0,1fr)]"
              >
                <McpState state={state} />
                <span className="min-w-0 break-words text-soft">
                  <TimeText iso={since} mode="dateTime" />
                  {error && ` · ${error}`}
                </span>
              </li>
            ))}
          </ol>
        )
      }
    </Answered>
  );
}
