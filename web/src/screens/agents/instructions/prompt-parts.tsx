import type { OutputOf } from "#client/index.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { cn } from "#web/ui/classes.ts";

/** So many characters are about one token. */
const CHARS_PER_TOKEN = 4;
/** What the gateway names a section that shows a file. */
const FILE = /^file:/;
/** Smaller shares are not told apart. */
const SMALLEST = 0.001;
const LOOKS = ["bg-chart-1", "bg-chart-2", "bg-chart-3", "bg-chart-4", "bg-chart-5"];

interface PromptPartsProps {
  readonly sections: OutputOf<"agents.system-prompt-preview">["sections"];
  /** The model's context window, in tokens. */
  readonly window: number;
}

/** What a prompt is made of, with the share of the context window that each part takes. */
export function PromptParts({ sections, window }: PromptPartsProps) {
  const { agents: words } = useTexts();
  const format = useFormat();
  const parts = sections.map(({ chars, ...section }, index) => {
    const tokens = Math.ceil(chars / CHARS_PER_TOKEN);
    return { ...section, tokens, share: window > 0 ? tokens / window : 0, look: LOOKS[index % LOOKS.length] ?? "" };
  });
  const total = parts.reduce((sum, { tokens }) => sum + tokens, 0);
  return (
    <div className="grid gap-3">
      <p className="tabular text-soft">
        {words.promptSum(format.number(total), format.percent(window > 0 ? total / window : 0), format.compact(window))}
      </p>
      <div aria-hidden="true" className="flex h-2.5 gap-px overflow-hidden rounded bg-hover">
        {parts.map(({ name, tokens, look }) => (
          <span key={name} className={look} style={{ width: `${(tokens / Math.max(total, 1)) * 100}%` }} />
        ))}
      </div>
      <ul className="grid gap-x-6 sm:grid-cols-2" aria-label={words.promptParts}>
        {parts.map(({ name, place, tokens, share, look }) => (
          <li key={name} className="flex h-8 min-w-0 items-center gap-2 border-line border-b text-table">
            <span aria-hidden="true" className={cn("size-2 shrink-0 rounded-xs", look)} />
            <span className="min-w-0 flex-1 truncate" title={name}>
              {name.replace(FILE, "")}
            </span>
            {place === "volatile" && <span className="text-faint text-note">{words.changesOften}</span>}
            <span className="tabular text-soft">{format.number(tokens)}</span>
            <span className="tabular w-14 text-right text-soft">
              {share < SMALLEST ? `< ${format.percent(SMALLEST)}` : format.percent(share)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
