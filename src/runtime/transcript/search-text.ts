import { foldLetters } from "#base/texts/fold-text.ts";
import type { SessionRow } from "#runtime/transcript/session-store.ts";

/** The columns that a search for sessions looks at. */
export type SearchedColumns = Pick<SessionRow, "key" | "label" | "user_id">;

/** Returns what a search finds a session by. Nobody can search for the line breaks, so nothing reaches across columns. */
export const searchTextOf = ({ key, label, user_id }: SearchedColumns): string =>
  foldLetters(`${key}\n${label}\n${user_id}`);

export const withSearchText = <Row extends SearchedColumns>(row: Row): Row & { readonly search_text: string } => ({
  ...row,
  search_text: searchTextOf(row),
});
