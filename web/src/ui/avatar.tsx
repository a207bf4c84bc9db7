import { cn } from "#web/ui/classes.ts";

const SIZES = { sm: "size-5 text-[10px]/none", md: "size-7 text-note", lg: "size-10 text-body" } as const;
const LOOKS = ["bg-chart-1/20", "bg-chart-2/20", "bg-chart-3/20", "bg-chart-4/20", "bg-chart-5/20"];

/** Returns the first letters of the first and the last word, as people see letters. */
function toInitials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return chosen
    .map((word) => [...letters.segment(word ?? "")][0]?.segment ?? "")
    .join("")
    .toUpperCase();
}

/** Returns the same look for the same name, on every machine. */
function toLook(name: string): string | undefined {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return LOOKS[sum % LOOKS.length];
}

interface AvatarProps {
  readonly name: string;
  readonly emoji?: string | undefined;
  readonly size?: keyof typeof SIZES;
  readonly className?: string;
}

/** Use beside the name of a person or an agent. It says nothing by itself, so screen readers pass over it. */
export function Avatar({ name, emoji, size = "md", className }: AvatarProps) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "inline-flex shrink-0 select-none items-center justify-center rounded-lg font-medium text-ink",
        SIZES[size],
        emoji ? "bg-hover" : toLook(name),
        className,
      )}
    >
      {emoji || toInitials(name)}
    </span>
  );
}
