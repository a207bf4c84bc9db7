import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { readMessages, type SentMessage } from "#web/screens/runs/run/story/read-messages.ts";
import { type RunMessage, toText, useRunMessages } from "#web/screens/runs/run/story/use-run-messages.ts";
import { cn } from "#web/ui/classes.ts";
import { CodeBlock } from "#web/ui/text/code-block.tsx";

interface SentMessagesProps {
  /** What the span kept: the beginning and the end. */
  readonly preview: string;
  /** The message after those that were sent. */
  readonly before: string | undefined;
}

/** What a model was sent. Folded until somebody asks. */
export function SentMessages(props: SentMessagesProps) {
  const { runs: words } = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="min-w-0">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex min-h-7 items-center gap-1 rounded text-soft text-table hover:text-ink"
      >
        <ChevronRight aria-hidden className={cn("size-4 text-faint transition-transform", isOpen && "rotate-90")} />
        {words.sent}
      </button>
      {isOpen && <Messages {...props} />}
    </div>
  );
}

/** The messages are stored whole. The agent's instructions are not, so their beginning stands for them. */
function Messages({ preview, before }: SentMessagesProps) {
  const { runs: words } = useTexts();
  const { data } = useRunMessages();
  const kept = readMessages(preview);
  const stored = data ? sentBefore(data.messages, before) : [];
  const older = data ? data.total - data.messages.length : 0;
  const shown = stored.length === 0 ? kept : [...kept.filter(({ role }) => role === "system"), ...stored];
  return (
    <ol className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2">
      {older > 0 && <li className="text-note text-soft">{words.olderInChat(older)}</li>}
      {shown.map(({ role, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages differ in nothing but their place
        <li key={index} className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1">
          <span className="text-faint text-note">{role}</span>
          <CodeBlock code={text} wrap maxHeight="16rem" />
        </li>
      ))}
    </ol>
  );
}

function sentBefore(messages: readonly RunMessage[], before: string | undefined): readonly SentMessage[] {
  const end = messages.findIndex(({ id }) => id === before);
  return messages.slice(0, end < 0 ? undefined : end).map((message) => ({ role: message.role, text: toText(message) }));
}
