import { useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import type { Format } from "#web/i18n/format.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { TextLink } from "#web/ui/link.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { Stat } from "#web/ui/page/stat.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";

type Entry = OutputOf<"channels.quota">["entries"][number];

/** A share of the limit from which on it is shown. */
const NEAR = 0.8;

function columnsOf(words: Texts["channels"], format: Format): readonly Column<Entry>[] {
  const toCell = ({ used, limit }: Entry["hour"]) => {
    if (limit === 0) return format.number(used);
    const text = words.usedOf(format.number(used), format.number(limit));
    return used < limit * NEAR ? text : <Status tone={used < limit ? "careful" : "bad"}>{text}</Status>;
  };
  return [
    { key: "person", header: words.person, width: "minmax(0, 2fr)", cell: ({ userId }) => userId },
    { key: "hour", header: words.hour, align: "right", cell: ({ hour }) => toCell(hour) },
    { key: "day", header: words.day, align: "right", cell: ({ day }) => toCell(day) },
    { key: "week", header: words.week, align: "right", cell: ({ week }) => toCell(week), hideOnPhone: true },
  ];
}

const keyOf = ({ userId }: Entry) => userId;

/** How many requests each person made, and how much of the limit that is. */
export function QuotaTab() {
  const { channels: words } = useTexts();
  const format = useFormat();
  const isOwner = hasRole(useCaller(), "owner");
  const quota = useCall("channels.quota", {});
  const columns = useMemo(() => columnsOf(words, format), [words, format]);
  return (
    <Answered query={quota}>
      {({ enabled, entries, ...today }) => (
        <>
          <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
            <Stat label={words.requestsToday} value={format.number(today.requestsToday)} />
            <Stat label={words.peopleToday} value={format.number(today.uniqueUsersToday)} />
            <Stat label={words.tokensToday} value={format.compact(today.inputTokensToday + today.outputTokensToday)} />
            <Stat label={words.costToday} value={format.money(today.costToday)} />
          </div>
          {!enabled && (
            <Callout
              tone="idle"
              title={words.quotaOff}
              action={isOwner && <TextLink href="/settings?tab=configuration&q=quota">{words.quotaSet}</TextLink>}
            >
              {words.quotaOffHint}
            </Callout>
          )}
          <Section title={words.person} description={words.quotaHint}>
            {entries.length === 0 ? (
              <EmptyState title={words.quotaNone} />
            ) : (
              <DataTable rows={entries} columns={columns} rowKey={keyOf} label={words.tabs.quota} />
            )}
          </Section>
        </>
      )}
    </Answered>
  );
}
