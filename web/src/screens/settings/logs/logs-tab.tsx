import { useNavigate, useSearch } from "@tanstack/react-router";
import { Pause, Play, Trash2 } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import type { Format } from "#web/i18n/format.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Refused } from "#web/live/answered.tsx";
import { LogDrawer } from "#web/screens/settings/logs/log-drawer.tsx";
import { type LogLevel, type LogLine, useLog } from "#web/screens/settings/logs/use-log.ts";
import { useScrolledPast } from "#web/screens/settings/logs/use-scrolled-past.ts";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Segments } from "#web/ui/fields/segments.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];
const LOG_TONES = { debug: "idle", info: "idle", warn: "careful", error: "bad" } as const;

const columnsOf = (words: Texts["settings"]["logs"], format: Format): readonly Column<LogLine>[] => [
  {
    key: "time",
    header: words.time,
    width: "7rem",
    cell: ({ timestamp }) => (
      <span className="tabular text-soft">{format.time(new Date(timestamp).toISOString())}</span>
    ),
  },
  {
    key: "level",
    header: words.level,
    width: "6.5rem",
    cell: ({ level }) => <Status tone={LOG_TONES[level]}>{words.levels[level]}</Status>,
    hideOnPhone: true,
  },
  { key: "message", header: words.message, width: "minmax(0, 1fr)", cell: ({ message }) => message },
  {
    key: "values",
    header: words.values,
    width: "minmax(0, 3fr)",
    cell: ({ attrs }) => <span className="font-mono text-code text-soft">{toText(attrs)}</span>,
    hideOnPhone: true,
  },
];

/** Ids tell the least, so they stand last. */
const isId = (name: string): boolean => name.endsWith("Id");

const toText = (attrs: LogLine["attrs"]): string =>
  Object.entries(attrs)
    .toSorted(([one], [other]) => Number(isId(one)) - Number(isId(other)))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");

const keyOf = ({ number }: LogLine) => String(number);
const toLevel = (text: string | undefined): LogLevel => LEVELS.find((level) => level === text) ?? "info";

/** The log of the gateway as it is written. */
export function LogsTab() {
  const { settings } = useTexts();
  const words = settings.logs;
  const format = useFormat();
  const search = useSearch({ from: "/settings" });
  const navigate = useNavigate({ from: "/settings" });
  const level = toLevel(search.level);
  const { q = "" } = search;
  const [isPaused, setIsPaused] = useState(false);
  const [opened, setOpened] = useState<LogLine>();
  const list = useRef<HTMLDivElement>(null);
  const isReading = useScrolledPast(list);
  // Nothing moves below the eyes of those who read further down, or a line in full.
  const isHeld = isPaused || isReading || opened !== undefined;
  const { lines, waiting, error, clear, retry } = useLog(level, isHeld);
  const columns = useMemo(() => columnsOf(words, format), [words, format]);
  const rows = useMemo(() => {
    const sought = q.trim().toLowerCase();
    if (sought === "") return lines;
    return lines.filter(({ message, attrs }) => `${message} ${toText(attrs)}`.toLowerCase().includes(sought));
  }, [lines, q]);
  const filter = (change: { readonly q?: string; readonly level?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  if (error) return <Refused error={error} onRetry={retry} />;

  return (
    <>
      <Toolbar
        end={
          <>
            <span className="tabular max-sm:hidden">{words.kept(rows.length, format.number(rows.length))}</span>
            <Button icon={Trash2} variant="ghost" onClick={clear} disabled={lines.length === 0}>
              {words.clear}
            </Button>
            <Button icon={isPaused ? Play : Pause} onClick={() => setIsPaused(!isPaused)}>
              {isPaused ? words.resume : words.pause}
              {waiting > 0 && <Badge tone="live">{words.waiting(format.number(waiting))}</Badge>}
            </Button>
          </>
        }
      >
        <SearchInput value={q} onChange={(q) => filter({ q })} placeholder={words.search} shortcut="/" />
        <Segments
          aria-label={words.level}
          value={level}
          onValueChange={(level) => filter({ level })}
          options={LEVELS.map((name) => ({ value: name, label: words.levels[name] }))}
        />
      </Toolbar>
      {rows.length === 0 ? (
        lines.length === 0 ? (
          <EmptyState title={words.empty} hint={words.emptyHint} />
        ) : (
          <EmptyState title={words.noMatch} />
        )
      ) : (
        <div ref={list}>
          <DataTable
            rows={rows}
            columns={columns}
            rowKey={keyOf}
            label={settings.tabs.logs}
            onOpen={setOpened}
            {...(opened && { selectedKey: keyOf(opened) })}
          />
        </div>
      )}
      <p className="text-note text-soft">{words.oneProcess}</p>
      {opened && <LogDrawer line={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}
