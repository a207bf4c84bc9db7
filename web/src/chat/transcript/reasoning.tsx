import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { cn } from "#web/ui/classes.ts";

interface ReasoningProps {
  readonly text: string;
  /** True while the model still thinks. */
  readonly isGrowing: boolean;
}

/** What a model thought before it answered, folded until somebody asks. */
export function Reasoning({ text, isGrowing }: ReasoningProps) {
  const { conversation: words } = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="text-soft text-table">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex min-h-7 items-center gap-1 rounded hover:text-ink"
      >
        <ChevronRight aria-hidden className={cn("size-4 text-faint transition-transform", isOpen && "rotate-90")} />
        {isGrowing ? words.thinking : words.thought}
      </button>
      {isOpen && <p className="mt-1 ml-2 whitespace-pre-wrap break-words border-line border-l-2 pl-4">{text}</p>}
    </div>
  );
}
