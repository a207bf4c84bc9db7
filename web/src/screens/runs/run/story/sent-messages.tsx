import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { readMessages } from "#web/screens/runs/run/story/read-messages.ts";
import { cn } from "#web/ui/classes.ts";
import { CodeBlock } from "#web/ui/text/code-block.tsx";

/** What a model was sent, as its span kept it: the beginning and the end. Folded until somebody asks. */
export function SentMessages({ preview }: { readonly preview: string }) {
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
      {isOpen && <Messages preview={preview} />}
    </div>
  );
}

function Messages({ preview }: { readonly preview: string }) {
  return (
    <ol className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2">
      {readMessages(preview).map(({ role, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages differ in nothing but their place
        <li key={index} className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1">
          <span className="text-faint text-note">{role}</span>
          <CodeBlock code={text} wrap maxHeight="16rem" />
        </li>
      ))}
    </ol>
  );
}
