import { Check } from "lucide-react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { cn } from "#web/ui/classes.ts";
import { useCopy } from "#web/ui/hooks/use-copy.ts";
import { Tooltip } from "#web/ui/tooltip.tsx";

const START = 8;
const END = 4;

interface IdTextProps {
  readonly id: string;
  readonly className?: string;
}

/** Use wherever an id is shown. It is cut in the middle, and a click copies all of it. */
export function IdText({ id, className }: IdTextProps) {
  const texts = useTexts().ui;
  const { isCopied, copy } = useCopy(id);
  const isCut = id.length > START + END + 3;
  return (
    <>
      <Tooltip text={isCopied ? texts.copied : <span className="break-all font-mono">{id}</span>}>
        <button
          type="button"
          onClick={(event) => {
            event.stopPropagation();
            void copy();
          }}
          className={cn(
            "relative inline-flex max-w-full items-center gap-1 rounded align-top font-mono text-code text-soft leading-[inherit] hover:text-ink",
            className,
          )}
        >
          <span className="sr-only">{texts.copy}</span>
          <span className="truncate">{isCut ? `${id.slice(0, START)}…${id.slice(-END)}` : id}</span>
          {isCopied && <Check aria-hidden className="size-3.5 shrink-0 text-good" />}
        </button>
      </Tooltip>
      <span role="status" className="sr-only">
        {isCopied && texts.copied}
      </span>
    </>
  );
}
