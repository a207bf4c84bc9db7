import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { InputOf, OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall, usePages } from "#web/live/use-call.ts";
import { MediaDrawer } from "#web/screens/knowledge/media/media-drawer.tsx";
import { KINDS } from "#web/screens/knowledge/media/media-kind.ts";
import { MediaTable } from "#web/screens/knowledge/media/media-table.tsx";
import { Button } from "#web/ui/button.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";

const rowsOf = ({ media }: OutputOf<"media.list">) => media;

/** What people uploaded for their messages, and what agents sent them. The newest is first. */
export function MediaTab() {
  const { knowledge: words } = useTexts();
  const { q = "", kind: wanted = "", file } = useSearch({ from: "/knowledge" });
  const navigate = useNavigate({ from: "/knowledge" });
  const kind = KINDS.find((name) => name === wanted);
  const input: Pick<InputOf<"media.list">, "q" | "kind"> = { ...(q !== "" && { q }), ...(kind && { kind }) };
  const media = usePages("media.list", input, rowsOf);
  const counted = useCall("media.list", { ...input, limit: 1 }, { keepsPrevious: true });
  const options = useMemo(
    () => [{ value: "", label: words.allKinds }, ...KINDS.map((value) => ({ value, label: words.mediaKinds[value] }))],
    [words],
  );
  // The answer to a search that has just ended stays for a moment.
  const isSearch = q !== "" || kind !== undefined || media.isPlaceholderData;
  const change = (changed: { readonly q?: string; readonly kind?: string; readonly file?: string }) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(Object.entries({ ...before, ...changed }).filter(([, value]) => value !== "")),
      replace: true,
    });

  return (
    <>
      <Toolbar>
        <SearchInput
          value={q}
          onChange={(q) => change({ q })}
          placeholder={words.searchMedia}
          shortcut="/"
          maxLength={200}
        />
        <Select
          aria-label={words.kind}
          className="w-44"
          value={kind ?? ""}
          onValueChange={(kind) => change({ kind })}
          options={options}
        />
      </Toolbar>
      <Answered query={media}>
        {(rows) =>
          rows.length > 0 ? (
            <MediaTable
              rows={rows}
              total={counted.data?.total}
              filter={input}
              hasMore={media.hasNextPage}
              isLoadingMore={media.isFetchingNextPage}
              onMore={() => void media.fetchNextPage()}
            />
          ) : isSearch ? (
            <EmptyState
              title={words.noMediaMatch}
              action={<Button onClick={() => change({ q: "", kind: "" })}>{words.clearFilters}</Button>}
            />
          ) : (
            <EmptyState title={words.noMedia} hint={words.noMediaHint} />
          )
        }
      </Answered>
      {file !== undefined && (
        <MediaDrawer
          key={file}
          id={file}
          listed={media.data?.find(({ id }) => id === file)}
          onClose={() => change({ file: "" })}
        />
      )}
    </>
  );
}
