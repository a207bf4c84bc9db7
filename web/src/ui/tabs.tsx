import { Tabs as Primitive } from "radix-ui";
import { type ReactNode, useEffect, useRef } from "react";
import { cn } from "#web/ui/classes.ts";
import { type RenderLink, useRenderLink } from "#web/ui/link.tsx";

export interface TabItem {
  readonly value: string;
  readonly label: string;
  readonly count?: number | string | undefined;
  /** Makes it a link. All items of a row are links, or none is. */
  readonly href?: string;
}

interface TabsProps {
  readonly value: string;
  readonly onValueChange?: (value: string) => void;
  readonly items: readonly TabItem[];
  /** Names the row for screen readers. */
  readonly label?: string;
  readonly renderLink?: RenderLink;
  /** The `TabPanel`s. Links have none: their page is the panel. */
  readonly children?: ReactNode;
}

const ROW =
  "-mb-px flex gap-4 overflow-x-auto overflow-y-hidden shadow-[inset_0_-1px_var(--line)] [scrollbar-width:none]";
const TAB =
  "focus-inset inline-flex h-9 shrink-0 items-center gap-1.5 rounded-t-md border-transparent border-b-2 px-0.5 pt-0.5 font-medium text-soft whitespace-nowrap transition-colors hover:text-ink pointer-coarse:h-11";
const CHOSEN = "border-accent text-ink";

function Face({ item }: { readonly item: TabItem }) {
  return (
    <>
      {item.label}
      {item.count !== undefined && <span className="tabular font-normal text-faint text-note">{item.count}</span>}
    </>
  );
}

/** Use for views of one thing. Give the items `href` wherever a view has an address of its own. */
export function Tabs({ value, onValueChange, items, label, renderLink: own, children }: TabsProps) {
  const renderLink = useRenderLink(own);
  const row = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another chosen one may be out of sight
  useEffect(() => showChosen(row.current), [value]);
  if (items.some((item) => item.href !== undefined))
    return (
      <nav ref={row} aria-label={label} className={ROW}>
        {items.map((item) => (
          <span key={item.value} className="contents">
            {renderLink({
              href: item.href ?? "",
              className: cn(TAB, item.value === value && CHOSEN),
              ...(item.value === value && { "aria-current": "page" }),
              children: <Face item={item} />,
            })}
          </span>
        ))}
      </nav>
    );
  return (
    <Primitive.Root value={value} {...(onValueChange && { onValueChange })}>
      <Primitive.List aria-label={label} className={ROW}>
        {items.map((item) => (
          <Primitive.Trigger
            key={item.value}
            value={item.value}
            className={cn(TAB, "data-[state=active]:border-accent data-[state=active]:text-ink")}
          >
            <Face item={item} />
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {children}
    </Primitive.Root>
  );
}

/** Moves a row that is wider than its place sideways, and nothing else. */
function showChosen(row: HTMLElement | null): void {
  const place = row?.querySelector("[aria-current]")?.getBoundingClientRect();
  if (!row || !place) return;
  const { left, right } = row.getBoundingClientRect();
  if (place.left < left) row.scrollLeft -= left - place.left;
  else if (place.right > right) row.scrollLeft += place.right - right;
}

interface TabPanelProps {
  readonly value: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Use inside `Tabs`, one for each item. */
export function TabPanel({ value, className, children }: TabPanelProps) {
  return (
    <Primitive.Content value={value} className={cn("pt-4", className)}>
      {children}
    </Primitive.Content>
  );
}
