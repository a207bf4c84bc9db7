import { z } from "zod";
import { askForJson, unreadable } from "#tools/search/ask-provider.ts";
import { toDates } from "#tools/search/freshness.ts";
import { toOneLine } from "#tools/search/plain-text.ts";
import type { SearchProvider } from "#tools/search/search-provider.ts";

const Answer = z.object({
  results: z.array(
    z.object({
      url: z.string(),
      title: z.string().nullish(),
      publishedDate: z.string().nullish(),
      text: z.string().nullish(),
      summary: z.string().nullish(),
      highlights: z.array(z.string()).nullish(),
    }),
  ),
});

/** https://docs.exa.ai/reference/search */
export const exa: SearchProvider = {
  name: "exa",
  defaultBase: "https://api.exa.ai",
  async search({ query, count, country, freshness }, access) {
    const dates = freshness && toDates(freshness, access.now);
    const body = {
      query,
      numResults: count,
      type: "auto",
      contents: { highlights: true },
      ...(country && { userLocation: country.toUpperCase() }),
      ...(dates && {
        startPublishedDate: `${dates.from}T00:00:00.000Z`,
        endPublishedDate: `${dates.to}T23:59:59.999Z`,
      }),
    };
    const answer = await askForJson("exa", access, "/search", {
      method: "POST",
      headers: { "x-api-key": access.key, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const parsed = Answer.safeParse(answer);
    if (!parsed.success) throw unreadable("exa");
    return parsed.data.results.map(({ url, title, publishedDate, text, summary, highlights }) => ({
      url,
      title: toOneLine(title ?? url),
      snippet: toOneLine(highlights?.join(" … ") || summary || text || ""),
      published: publishedDate ?? undefined,
    }));
  },
};
