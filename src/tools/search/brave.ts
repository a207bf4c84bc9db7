import { z } from "zod";
import { headOf } from "#base/texts/cut-text.ts";
import { askForJson, unreadable } from "#tools/search/ask-provider.ts";
import type { Freshness } from "#tools/search/freshness.ts";
import { toPlainText } from "#tools/search/plain-text.ts";
import type { SearchProvider } from "#tools/search/search-provider.ts";

const Answer = z.object({
  web: z
    .object({
      results: z.array(
        z.object({
          url: z.string(),
          title: z.string().nullish(),
          description: z.string().nullish(),
          age: z.string().nullish(),
          page_age: z.string().nullish(),
        }),
      ),
    })
    .nullish(),
});

/** The maximum length of a query. Brave refuses longer ones. */
const MAX_QUERY = 400;

/** https://api-dashboard.search.brave.com/api-reference/web/search/get. Titles and descriptions are HTML. */
export const brave: SearchProvider = {
  name: "brave",
  defaultBase: "https://api.search.brave.com",
  async search({ query, count, country, searchLanguage, uiLanguage, freshness }, access) {
    const parameters = new URLSearchParams({ q: headOf(query, MAX_QUERY), count: String(count) });
    if (country) parameters.set("country", country.toUpperCase());
    if (searchLanguage) parameters.set("search_lang", searchLanguage);
    if (uiLanguage) parameters.set("ui_lang", uiLanguage);
    if (freshness) parameters.set("freshness", toBraveFreshness(freshness));
    const answer = await askForJson("brave", access, `/res/v1/web/search?${parameters}`, {
      headers: { "x-subscription-token": access.key, accept: "application/json" },
    });
    const parsed = Answer.safeParse(answer);
    if (!parsed.success) throw unreadable("brave");
    return (parsed.data.web?.results ?? []).map(({ url, title, description, age, page_age }) => ({
      url,
      title: toPlainText(title ?? url),
      snippet: toPlainText(description ?? ""),
      published: page_age ?? age ?? undefined,
    }));
  },
};

const toBraveFreshness = (freshness: Freshness): string =>
  freshness.kind === "past" ? `p${freshness.unit.charAt(0)}` : `${freshness.from}to${freshness.to}`;
