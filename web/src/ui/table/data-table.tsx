// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed freely cannot be those of a <table>
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";
import { useHotkey } from "#web/ui/hooks/use-hotkey.ts";
import { useMedia } from "#web/ui/hooks/use-media.ts";
import { type RenderLink, useRenderLink } from "#web/ui/link.tsx";
import { type Column, DEFAULT_TRACK, type Sort } from "#web/ui/table/column.ts";
import { TableHeader } from "#web/ui/table/table-header.tsx";
import { ROW_FOCUS, TableRow } from "#web/ui/table/table-row.tsx";
import { useShownRows } from "#web/ui/table/use-shown-rows.ts";

const ROW_HEIGHT = 36;
const TOUCH_ROW_HEIGHT = 44;
/** More is asked for when so many rows are left below the visible ones. */
const AHEAD = 20;

interface DataTableProps<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  /** Names it for screen readers. */
  readonly label: string;
  readonly onOpen?: (row: Row) => void;
  /** Makes each row a link. Its first cell must hold no other one. */
  readonly hrefOf?: (row: Row) => string;
  readonly renderLink?: RenderLink;
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  readonly hasMore?: boolean;
  readonly isLoadingMore?: boolean;
  readonly onMore?: () => void;
  readonly selectedKey?: string | undefined;
  readonly rowActions?: (row: Row) => ReactNode;
  /** The track of the actions. The default has room for one button. */
  readonly actionsWidth?: string;
  /** How many there are, loaded or not, where that is known. */
  readonly total?: number;
  /** False where another part of the screen uses j and k. */
  readonly hasHotkeys?: boolean;
  /** Without a frame of its own, for inside a card. */
  readonly isPlain?: boolean;
  readonly className?: string;
}

/**
 * Use for every list of things that have the same fields. Keep `columns` and the functions the same between renders.
 * Rows have one line, and only those in view are rendered. The header sticks below `--table-top`, at the top without it.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, rowKey, label, onOpen, hrefOf, sort, onSort, rowActions, actionsWidth, selectedKey } = props;
  const { hasMore = false, isLoadingMore = false, onMore, total, hasHotkeys = true, isPlain = false } = props;
  const texts = useTexts().ui;
  const renderLink = useRenderLink(props.renderLink);
  const isPhone = useMedia("(max-width: 639px)");
  const height = useMedia("(pointer: coarse)") ? TOUCH_ROW_HEIGHT : ROW_HEIGHT;
  const columns = useMemo(
    () => (isPhone ? props.columns.filter((column) => !column.hideOnPhone) : props.columns),
    [isPhone, props.columns],
  );
  const tracks = [
    ...columns.map((column) => column.width ?? DEFAULT_TRACK),
    ...(rowActions ? [actionsWidth ?? `${height - 8}px`] : []),
  ].join(" ");

  const body = useRef<HTMLDivElement>(null);
  const shown = useShownRows(body, rows.length, height);
  const [chosen, setChosen] = useState(0);
  const active = Math.min(chosen, Math.max(0, rows.length - 1));
  const isWanted = useRef(false);
  const activate = useCallback((index: number) => setChosen(index), []);

  function move(index: number) {
    if (rows.length === 0) return;
    isWanted.current = true;
    setChosen(Math.min(Math.max(index, 0), rows.length - 1));
    if (index === active) focusActive();
  }
  function focusActive() {
    const row = body.current?.querySelector(`[role="row"][aria-rowindex="${active + 2}"]`);
    const target = row?.hasAttribute(ROW_FOCUS) ? row : row?.querySelector(`[${ROW_FOCUS}]`);
    if (!isWanted.current || !(target instanceof HTMLElement)) return;
    isWanted.current = false;
    target.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }
  const onActiveChange = useEffectEvent(focusActive);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows the active row
  useEffect(() => onActiveChange(), [active]);

  const hasFocus = () => body.current?.contains(document.activeElement) ?? false;
  const step = (by: number) => move(hasFocus() ? active + by : active);
  useHotkey("j", () => step(1), { isEnabled: hasHotkeys });
  useHotkey("k", () => step(-1), { isEnabled: hasHotkeys });

  function onKeyDown(event: KeyboardEvent) {
    const isOnRow = event.target instanceof Element && event.target.hasAttribute(ROW_FOCUS);
    if (!isOnRow || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(innerHeight / height) - 4);
    const targets: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows.length - 1,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    move(target);
  }

  const isNearEnd = shown.end >= rows.length - AHEAD;
  const askMore = useEffectEvent(() => onMore?.());
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new page may leave the end in view
  useEffect(() => {
    if (isNearEnd && hasMore && !isLoadingMore) askMore();
  }, [isNearEnd, hasMore, isLoadingMore, rows.length]);

  const indexes = Array.from({ length: Math.max(0, shown.end - shown.first) }, (_, index) => shown.first + index);
  // The active row stays, so that it keeps the focus.
  if (rows.length > 0 && (active < shown.first || active >= shown.end)) indexes.push(active);

  return (
    <div className={cn("min-w-0 text-table", !isPlain && "rounded-lg border border-line bg-card", props.className)}>
      <div
        role="table"
        aria-label={label}
        aria-rowcount={(total ?? (hasMore ? -2 : rows.length)) + 1}
        aria-busy={isLoadingMore || undefined}
      >
        <TableHeader columns={columns} tracks={tracks} sort={sort} onSort={onSort} hasActions={Boolean(rowActions)} />
        <div
          ref={body}
          role="rowgroup"
          onKeyDown={onKeyDown}
          className="relative overflow-clip rounded-b-lg"
          style={{ height: rows.length * height }}
        >
          {indexes.map((index) => {
            const row = rows[index];
            if (row === undefined) return null;
            const key = rowKey(row);
            return (
              <TableRow
                key={key}
                row={row}
                index={index}
                columns={columns}
                tracks={tracks}
                height={height}
                isActive={index === active}
                isSelected={key === selectedKey}
                isLast={index === rows.length - 1 && !hasMore}
                href={hrefOf?.(row)}
                renderLink={renderLink}
                onOpen={onOpen}
                onActivate={activate}
                actions={rowActions}
              />
            );
          })}
        </div>
      </div>
      {hasMore && (
        <div className="flex justify-center p-2">
          <Button variant="ghost" size="sm" isBusy={isLoadingMore} onClick={() => onMore?.()}>
            {texts.loadMore}
          </Button>
        </div>
      )}
    </div>
  );
}
