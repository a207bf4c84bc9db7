import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { ConversationList } from "#web/screens/chat/conversation-list.tsx";
import { ConversationPane } from "#web/screens/chat/conversation-pane.tsx";
import { RunInspector } from "#web/screens/chat/run-inspector.tsx";
import { cn } from "#web/ui/classes.ts";

/** Conversations with agents: the list, the one that is open, and how an answer of it came about. */
export function ChatScreen() {
  const { chat: words } = useTexts();
  const { agent, of, session, run } = useSearch({ from: "/chat" });
  const navigate = useNavigate({ from: "/chat" });
  const agents = useCall("agents.list", {});
  const [begun, setBegun] = useState<string>();
  const isOpen = session !== undefined || agent !== undefined;

  return (
    <div className="flex h-full min-h-0">
      <h1 className="sr-only">{words.title}</h1>
      {/* A phone shows the list or the conversation. */}
      <div className={cn("min-h-0 w-full shrink-0 border-line md:w-[260px] md:border-r", isOpen && "max-md:hidden")}>
        <ConversationList />
      </div>
      <div className={cn("flex min-h-0 min-w-0 flex-1", !isOpen && "max-md:hidden")}>
        <Answered query={agents}>
          {({ agents: all }) => (
            <ConversationPane
              key={session ?? `new ${agent ?? of}`}
              agents={all}
              isBegun={session !== undefined && session === begun}
              onBegin={setBegun}
            />
          )}
        </Answered>
      </div>
      {run !== undefined && (
        <RunInspector
          runId={run}
          onClose={() => void navigate({ search: ({ run: _, ...rest }) => rest, replace: true })}
        />
      )}
    </div>
  );
}
