import { cn } from "#web/ui/classes.ts";
import { CopyButton } from "#web/ui/text/copy-button.tsx";

interface CodeBlockProps {
  readonly code: string;
  readonly language?: string;
  readonly wrap?: boolean;
  /** In CSS, such as `20rem`. What is longer scrolls. */
  readonly maxHeight?: string;
  readonly className?: string;
}

/** Use for commands, code and raw text that people copy. */
export function CodeBlock({ code, language, wrap = false, maxHeight, className }: CodeBlockProps) {
  return (
    <div className={cn("relative min-w-0 rounded-lg border border-line bg-page", className)}>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        tabIndex={0}
        {...(maxHeight !== undefined && { style: { maxHeight } })}
        className={cn(
          "focus-inset overflow-auto rounded-lg py-2.5 pr-12 pl-3 font-mono text-code",
          wrap ? "whitespace-pre-wrap break-words" : "whitespace-pre",
        )}
      >
        <code>{code}</code>
      </pre>
      {language !== undefined && (
        <span className="pointer-events-none absolute top-2 right-10 bg-page px-1 text-faint max-sm:hidden text-note">
          {language}
        </span>
      )}
      <CopyButton
        text={code}
        className="absolute top-1.5 right-1.5 bg-page pointer-coarse:top-0 pointer-coarse:right-0"
      />
    </div>
  );
}
