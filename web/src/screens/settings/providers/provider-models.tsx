import { useMemo, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { Badge } from "#web/ui/badge.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";

type Model = OutputOf<"providers.models">["models"][number];

/** A list that is longer is easier to search than to read. */
const LONG = 12;

const columnsOf = (words: Texts["settings"]["providers"]): readonly Column<Model>[] => [
  {
    key: "id",
    header: words.verifyModel,
    cell: ({ id, name, reasoning }) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-mono text-code">{id}</span>
        {name && name !== id && <span className="truncate text-soft">{name}</span>}
        {reasoning && <Badge className="ml-auto">{words.reasons}</Badge>}
      </span>
    ),
  },
];

const keyOf = ({ id }: Model) => id;

/** The models that a provider offers, as it says itself. */
export function ProviderModels({ id }: { readonly id: string }) {
  const { settings } = useTexts();
  const words = settings.providers;
  const format = useFormat();
  const [search, setSearch] = useState("");
  const models = useCall("providers.models", { id });
  const columns = useMemo(() => columnsOf(words), [words]);
  const sought = search.trim().toLowerCase();
  const count = models.data?.models.length ?? 0;
  return (
    <Section
      title={words.models}
      actions={
        count > LONG ? (
          <SearchInput value={search} onChange={setSearch} placeholder={words.searchModels} />
        ) : (
          count > 0 && <span className="tabular text-soft">{format.number(count)}</span>
        )
      }
    >
      <Answered query={models}>
        {({ models: all }) => {
          const rows = all.filter(({ id, name = "" }) => `${id} ${name}`.toLowerCase().includes(sought));
          if (all.length === 0) return <p className="text-soft">{words.noModels}</p>;
          if (rows.length === 0) return <EmptyState title={words.noMatch} />;
          return <DataTable rows={rows} columns={columns} rowKey={keyOf} label={words.models} hasHotkeys={false} />;
        }}
      </Answered>
    </Section>
  );
}
