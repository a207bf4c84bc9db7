import { Fragment, type ReactNode } from "react";
import { cn } from "#web/ui/classes.ts";

export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

interface FactsProps {
  readonly items: readonly Fact[];
  readonly className?: string;
}

/** Use for what is known about one thing: a label and its value, line by line. */
export function Facts({ items, className }: FactsProps) {
  return (
    <dl
      className={cn(
        "grid grid-cols-[minmax(0,1fr)] gap-y-2 sm:grid-cols-[minmax(7rem,max-content)_minmax(0,1fr)] sm:gap-x-6",
        className,
      )}
    >
      {items.map(({ label, value }) => (
        <Fragment key={label}>
          <dt className="text-soft max-sm:-mb-1.5 max-sm:text-note">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
