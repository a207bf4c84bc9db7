import { ToolError } from "#runtime/tools/index.ts";
import { askProvider } from "#tools/search/ask-provider.ts";
import type { Freshness } from "#tools/search/freshness.ts";
import { toPlainText } from "#tools/search/plain-text.ts";
import type { SearchProvider, SearchResult } from "#tools/search/search-provider.ts";
import { USER_AGENT } from "#tools/web/fetch-page.ts";

/**
 * The search page without scripts, made for people. It needs no key, but it may ask a busy caller to prove that it is
 * human.
 */
export const duckDuckGo: SearchProvider = {
  name: "duckduckgo",
  defaultBase: "https://html.duckduckgo.com",
  async search({ query, count, country, searchLanguage, freshness }, access) {
    const parameters = new URLSearchParams({ q: query });
    if (country && searchLanguage) parameters.set("kl", `${country}-${searchLanguage}`.toLowerCase());
    if (freshness) parameters.set("df", toDateFilter(freshness));
    const headers = { "user-agent": USER_AGENT, accept: "text/html" };
    const page = await askProvider("duckduckgo", access, `/html/?${parameters}`, { headers });
    const results = readResults(page);
    if (results.length === 0 && page.includes("anomaly-modal")) {
      throw new ToolError("The search engine duckduckgo takes us for a robot: set up a key for another engine.");
    }
    return results.slice(0, count);
  },
};

const toDateFilter = (freshness: Freshness): string =>
  freshness.kind === "past" ? freshness.unit.charAt(0) : `${freshness.from}..${freshness.to}`;

/** Reads the results of a page. Each is a titled link, followed by its snippet. Advertisements are omitted. */
function readResults(page: string): readonly SearchResult[] {
  const found: { href: string; title: string; snippet: string }[] = [];
  new HTMLRewriter()
    .on(".result:not(.result--ad) a.result__a", {
      element: (link) => void found.push({ href: link.getAttribute("href") ?? "", title: "", snippet: "" }),
      text: ({ text }) => {
        const last = found.at(-1);
        if (last) last.title += text;
      },
    })
    .on(".result:not(.result--ad) .result__snippet", {
      text: ({ text }) => {
        const last = found.at(-1);
        if (last) last.snippet += text;
      },
    })
    .transform(page);
  return found.flatMap(({ href, title, snippet }) => {
    const url = toTarget(href);
    return url === undefined ? [] : [{ url, title: toPlainText(title), snippet: toPlainText(snippet) }];
  });
}

/** Returns the target of a result's link. Links lead through a click counter that has the target in `uddg`. */
function toTarget(href: string): string | undefined {
  const base = "https://duckduckgo.com/";
  const text = href.replaceAll("&amp;", "&");
  if (!URL.canParse(text, base)) return undefined;
  const url = new URL(text, base);
  if (url.hostname !== "duckduckgo.com") return url.href;
  return url.pathname === "/l/" ? (url.searchParams.get("uddg") ?? undefined) : undefined;
}
