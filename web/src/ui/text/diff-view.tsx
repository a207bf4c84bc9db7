import { useMemo, useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { cn } from "#web/ui/classes.ts";
import { type DiffLine, diffLines } from "#web/ui/text/diff-lines.ts";

/** How many lines around a change are shown. */
const CONTEXT = 3;

interface DiffViewProps {
  readonly before: string;
  readonly after: string;
  /** Names it for screen readers. */
  readonly label: string;
  readonly className?: string;
}

/** Use to show what a change does to a text. Long parts that stay are folded. */
export function DiffView({ before, after, label, className }: DiffViewProps) {
  const texts = useTexts().ui;
  const parts = useMemo(() => fold(diffLines(before, after)), [before, after]);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  if (before === after) return <p className="text-soft">{texts.noChanges}</p>;
  return (
    <section
      aria-label={label}
      className={cn("overflow-x-auto rounded-lg border border-line bg-page py-1 font-mono text-code", className)}
    >
      {parts.map((part, index) =>
        part.isFolded && !opened.has(index) ? (
          <button
            key={part.key}
            type="button"
            onClick={() => setOpened(new Set([...opened, index]))}
            className="focus-inset block w-full bg-hover px-3 py-0.5 text-left font-sans text-note text-soft hover:text-ink"
          >
            {texts.sameLines(part.lines.length)}
          </button>
        ) : (
          <div key={part.key} className="w-max min-w-full">
            {part.lines.map((line) => (
              <Line key={`${line.before}:${line.after}`} line={line} />
            ))}
          </div>
        ),
      )}
    </section>
  );
}

const SIGNS = { same: " ", added: "+", removed: "−" } as const;
const LOOKS = { same: "", added: "bg-good-soft", removed: "bg-bad-soft" } as const;
const SIGN_LOOKS = { same: "", added: "text-good", removed: "text-bad" } as const;

function Line({ line }: { readonly line: DiffLine }) {
  const texts = useTexts().ui;
  const spoken = line.kind === "same" ? "" : texts[line.kind === "added" ? "lineAdded" : "lineRemoved"];
  return (
    <div className={cn("flex", LOOKS[line.kind])}>
      <LineNumber value={line.before} />
      <LineNumber value={line.after} />
      <span aria-hidden="true" className={cn("w-5 shrink-0 select-none text-center", SIGN_LOOKS[line.kind])}>
        {SIGNS[line.kind]}
      </span>
      {spoken && <span className="sr-only">{spoken} </span>}
      <span className="whitespace-pre pr-3">{line.text || " "}</span>
    </div>
  );
}

function LineNumber({ value }: { readonly value: number | undefined }) {
  return (
    <span aria-hidden="true" className="tabular w-9 shrink-0 select-none pr-1 text-right text-soft">
      {value}
    </span>
  );
}

interface Part {
  readonly key: string;
  readonly lines: readonly DiffLine[];
  readonly isFolded: boolean;
}

/** Splits the lines into those near a change and those between, which are folded where that saves room. */
function fold(lines: readonly DiffLine[]): Part[] {
  const near = new Uint8Array(lines.length);
  for (const [index, line] of lines.entries())
    if (line.kind !== "same") near.fill(1, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
  const parts: Part[] = [];
  let from = 0;
  for (let index = 1; index <= lines.length; index++) {
    if (index < lines.length && near[index] === near[from]) continue;
    const own = lines.slice(from, index);
    parts.push({ key: String(from), lines: own, isFolded: near[from] === 0 && own.length > 1 });
    from = index;
  }
  return parts;
}
