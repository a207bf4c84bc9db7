import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronLeft, Copy, Ellipsis, ListTree, Pencil, Shrink, Trash2 } from "lucide-react";
import { useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { RenameConversation } from "#web/screens/chat/rename-conversation.tsx";
import { Avatar } from "#web/ui/avatar.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
import { useCopy } from "#web/ui/hooks/use-copy.ts";
import { Menu } from "#web/ui/menu.tsx";
import { Meter } from "#web/ui/progress.tsx";
import { useToast } from "#web/ui/toast.tsx";

interface ConversationHeaderProps {
  readonly agent: OutputOf<"agents.list">["agents"][number] | undefined;
  readonly name: string;
  readonly sessionKey: string | undefined;
  readonly session: OutputOf<"sessions.get"> | undefined;
}

/** Names the conversation and its agent, shows how full its context is, and what can be done with it. */
export function ConversationHeader({ agent, name, sessionKey, session }: ConversationHeaderProps) {
  const { chat: words, ui } = useTexts();
  const navigate = useNavigate({ from: "/chat" });
  const toast = useToast();
  const { copy } = useCopy(sessionKey ?? "");
  const remove = useAction("sessions.delete");
  const compact = useAction("sessions.compact");
  const [dialog, setDialog] = useState<"rename" | "remove">();
  const title = session?.label || (sessionKey === undefined ? name : words.untitled);
  const close = () => setDialog(undefined);

  return (
    <header className="flex h-12 shrink-0 items-center gap-3 border-line border-b px-4">
      <Link
        to="/chat"
        search={({ q, of }) => ({ ...(q && { q }), ...(of && { of }) })}
        aria-label={words.back}
        className="md:hidden"
      >
        <ChevronLeft aria-hidden className="size-5" />
      </Link>
      <Avatar name={name} emoji={agent?.emoji} />
      <div className="flex min-w-0 flex-1 flex-col">
        <h2 className="truncate font-medium">{title}</h2>
        <span className="truncate text-note text-soft">{agent ? `${name} · ${agent.model}` : name}</span>
      </div>
      {session && <ContextMeter session={session} />}
      {sessionKey !== undefined && (
        <Menu
          trigger={<IconButton icon={Ellipsis} label={ui.more} />}
          items={[
            { label: words.rename, icon: Pencil, onSelect: () => setDialog("rename") },
            {
              label: words.compact,
              icon: Shrink,
              onSelect: () =>
                compact.mutate(
                  { key: sessionKey },
                  {
                    onSuccess: () => toast({ tone: "good", title: words.compacted }),
                    onError: ({ message }) => toast({ tone: "bad", title: message }),
                  },
                ),
            },
            {
              label: words.openRuns,
              icon: ListTree,
              onSelect: () => void navigate({ to: "/runs", search: { session: sessionKey } }),
            },
            { label: words.copyKey, icon: Copy, onSelect: () => void copy() },
            "separator",
            { label: words.remove, icon: Trash2, isDangerous: true, onSelect: () => setDialog("remove") },
          ]}
        />
      )}
      {dialog === "rename" && sessionKey !== undefined && (
        <RenameConversation sessionKey={sessionKey} label={session?.label ?? ""} onClose={close} />
      )}
      <ConfirmDialog
        isOpen={dialog === "remove"}
        onClose={close}
        title={words.removeTitle(title)}
        loses={words.removeLoses}
        action={words.remove}
        onConfirm={async () => {
          await remove.mutateAsync({ key: sessionKey ?? "" });
          await navigate({ search: ({ q, of }) => ({ ...(q && { q }), ...(of && { of }) }) });
        }}
      />
    </header>
  );
}

/** From this share on, the older messages will soon be summarised. */
const NEARLY_FULL = 0.8;

function ContextMeter({ session }: { readonly session: OutputOf<"sessions.get"> }) {
  const { chat: words } = useTexts();
  const format = useFormat();
  const { estimatedTokens: used = 0, contextWindow: all = 0 } = session;
  if (all === 0) return null;
  return (
    <div className="hidden w-52 sm:block">
      <Meter
        value={used}
        max={all}
        label={words.context}
        text={words.contextUse(format.compact(used), format.compact(all))}
        tone={used / all > NEARLY_FULL ? "careful" : "idle"}
      />
    </div>
  );
}
