import type { ReactNode } from "react";
import { type Unit, useUnit } from "#web/ui/charts/use-unit.ts";
import { cn } from "#web/ui/classes.ts";
import { type RenderLink, useRenderLink } from "#web/ui/link.tsx";

export interface BarItem {
  /** Tells it from others with the same label. */
  readonly key?: string;
  readonly label: string;
  readonly value: number;
  readonly href?: string;
}

interface BarListProps {
  readonly items: readonly BarItem[];
  readonly unit: Unit;
  /** Names it for screen readers. */
  readonly label: string;
  readonly renderLink?: RenderLink;
}

/** Use to compare a few things by one number, such as models by what they cost. */
export function BarList({ items, unit, label, renderLink: own }: BarListProps) {
  const renderLink = useRenderLink(own);
  const { full } = useUnit(unit);
  const largest = Math.max(...items.map((item) => item.value), 0) || 1;
  return (
    <ul aria-label={label} className="grid grid-cols-[minmax(0,1fr)] gap-1">
      {items.map((item) => (
        <li key={item.key ?? item.label}>
          <Row share={item.value / largest} opens={item.href !== undefined}>
            <span className="min-w-0 truncate">
              {item.href === undefined
                ? item.label
                : renderLink({
                    href: item.href,
                    className:
                      "outline-none after:absolute after:inset-0 after:rounded hover:underline focus-visible:outline-none",
                    children: item.label,
                  })}
            </span>
            <span className="tabular shrink-0 text-soft">{full(item.value)}</span>
          </Row>
        </li>
      ))}
    </ul>
  );
}

interface RowProps {
  readonly share: number;
  readonly opens: boolean;
  readonly children: ReactNode;
}

function Row({ share, opens, children }: RowProps) {
  return (
    <div
      className={cn(
        "relative flex h-7 items-center justify-between gap-4 rounded px-2 text-table pointer-coarse:h-11",
        opens && "has-focus-visible:outline-2 has-focus-visible:outline-accent hover:bg-hover",
      )}
    >
      <span
        aria-hidden="true"
        className="absolute inset-y-0 left-0 min-w-0.5 rounded border-accent border-l-2 bg-accent-soft"
        style={{ width: `${Math.max(share, 0) * 100}%` }}
      />
      <span className="relative contents *:relative">{children}</span>
    </div>
  );
}
