import type { JsonObject } from "#base/json.ts";
import { readDocument } from "#contract/reference/read-document.ts";
import { type Examples, pageOf, toGroupPage } from "#contract/reference/to-group-page.ts";
import { toIndexPage } from "#contract/reference/to-index-page.ts";

/** Returns the pages of the reference as Markdown, by file name: an index, and a page for each group of operations. */
export function toReference(openApi: JsonObject, examples: Examples): ReadonlyMap<string, string> {
  const document = readDocument(openApi);
  return new Map([
    ["README.md", toIndexPage(document)],
    ...document.groups.map((group) => [pageOf(group), toGroupPage(group, document, examples)] as const),
  ]);
}
