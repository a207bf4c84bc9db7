import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { cn } from "#web/ui/classes.ts";
import { CopyButton } from "#web/ui/text/copy-button.tsx";

/** Longer texts are cut until somebody asks for the rest. */
const LONG_TEXT = 300;
/** More children than this are shown in steps. */
const MANY = 100;

interface JsonViewProps {
  readonly value: unknown;
  /** How many levels are open at first. */
  readonly depth?: number;
  readonly label?: string;
  readonly className?: string;
}

/** Use for any JSON. Nothing below a closed level is rendered, so large values cost little. */
export function JsonView({ value, depth = 2, label, className }: JsonViewProps) {
  return (
    <section
      aria-label={label}
      className={cn("relative min-w-0 rounded-lg border border-line bg-page py-2 pr-10 pl-2", className)}
    >
      <div className="overflow-x-auto font-mono text-code">
        <Node value={value} openLevels={depth} />
      </div>
      <CopyButton text={JSON.stringify(value, undefined, 2) ?? ""} className="absolute top-1 right-1 bg-page" />
    </section>
  );
}

interface NodeProps {
  readonly name?: string;
  readonly value: unknown;
  readonly openLevels: number;
}

function Node({ name, value, openLevels }: NodeProps) {
  const key = name !== undefined && <span className="text-accent">{name}: </span>;
  if (value === null || typeof value !== "object")
    return (
      <div className="whitespace-pre-wrap break-words pl-5">
        {key}
        <Leaf value={value} />
      </div>
    );
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  if (entries.length === 0)
    return (
      <div className="pl-5">
        {key}
        <span className="text-faint">{isList ? "[]" : "{}"}</span>
      </div>
    );
  return <Branch name={key} entries={entries} isList={isList} openLevels={openLevels} />;
}

interface BranchProps {
  readonly name: ReactNode;
  readonly entries: readonly [string, unknown][];
  readonly isList: boolean;
  readonly openLevels: number;
}

function Branch({ name, entries, isList, openLevels }: BranchProps) {
  const texts = useTexts().ui;
  const [isOpen, setOpen] = useState(openLevels > 0);
  const [shown, setShown] = useState(MANY);
  const rest = entries.length - shown;
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="focus-inset flex max-w-full items-start rounded pr-1 text-left hover:bg-hover"
      >
        <ChevronRight
          aria-hidden
          className={cn("mt-0.5 mr-1 size-4 shrink-0 text-faint transition-transform", isOpen && "rotate-90")}
        />
        <span>
          {name}
          <span className="text-faint">
            {isList ? "[" : "{"}
            {!isOpen && `… ${entries.length} …${isList ? "]" : "}"}`}
          </span>
        </span>
      </button>
      {isOpen && (
        <>
          <div className="ml-2 border-line border-l pl-1.5">
            {entries.slice(0, shown).map(([key, child]) => (
              <Node key={key} name={key} value={child} openLevels={openLevels - 1} />
            ))}
            {rest > 0 && (
              <More label={texts.moreItems(rest)} onOpen={() => setShown(shown + MANY * 10)} className="ml-5" />
            )}
          </div>
          <div className="pl-5 text-faint">{isList ? "]" : "}"}</div>
        </>
      )}
    </div>
  );
}

function Leaf({ value }: { readonly value: unknown }) {
  const texts = useTexts().ui;
  const [isWhole, setWhole] = useState(false);
  if (typeof value !== "string")
    return <span className={value === null ? "text-faint" : "text-careful"}>{String(value)}</span>;
  const isCut = value.length > LONG_TEXT && !isWhole;
  return (
    <span className="text-good">
      "{isCut ? `${value.slice(0, LONG_TEXT)}…` : value}"
      {isCut && (
        <More label={texts.moreLetters(value.length - LONG_TEXT)} onOpen={() => setWhole(true)} className="ml-2" />
      )}
    </span>
  );
}

interface MoreProps {
  readonly label: string;
  readonly onOpen: () => void;
  readonly className: string;
}

function More({ label, onOpen, className }: MoreProps) {
  return (
    <button
      type="button"
      onClick={onOpen}
      className={cn("rounded font-sans text-accent text-note hover:underline", className)}
    >
      {label}
    </button>
  );
}
