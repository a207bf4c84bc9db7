import { z } from "zod";
import { askForJson, unreadable } from "#tools/search/ask-provider.ts";
import type { Freshness } from "#tools/search/freshness.ts";
import { toOneLine } from "#tools/search/plain-text.ts";
import type { SearchProvider } from "#tools/search/search-provider.ts";

const Answer = z.object({
  results: z.array(
    z.object({
      url: z.string(),
      title: z.string().nullish(),
      content: z.string().nullish(),
      published_date: z.string().nullish(),
    }),
  ),
});

/** https://docs.tavily.com/documentation/api-reference/endpoint/search */
export const tavily: SearchProvider = {
  name: "tavily",
  defaultBase: "https://api.tavily.com",
  async search({ query, count, country, freshness }, access) {
    const countryName = country && toCountryName(country);
    const answer = await askForJson("tavily", access, "/search", {
      method: "POST",
      headers: { authorization: `Bearer ${access.key}`, "content-type": "application/json" },
      body: JSON.stringify({
        query,
        max_results: count,
        ...(countryName && { country: countryName }),
        ...(freshness && toTimeRange(freshness)),
      }),
    });
    const parsed = Answer.safeParse(answer);
    if (!parsed.success) throw unreadable("tavily");
    return parsed.data.results.map(({ url, title, content, published_date }) => ({
      url,
      title: toOneLine(title ?? url),
      snippet: toOneLine(content ?? ""),
      published: published_date ?? undefined,
    }));
  },
};

const toTimeRange = (freshness: Freshness) =>
  freshness.kind === "past" ? { time_range: freshness.unit } : { start_date: freshness.from, end_date: freshness.to };

/**
 * Returns the name of a country in lower case, such as `united states`, because Tavily takes no codes. Returns
 * undefined for an unknown code.
 */
function toCountryName(code: string): string | undefined {
  return new Intl.DisplayNames("en", { type: "region", fallback: "none" }).of(code.toUpperCase())?.toLowerCase();
}
