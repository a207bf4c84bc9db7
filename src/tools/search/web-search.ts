import { z } from "zod";
import { Secret } from "#base/secret.ts";
import { headOf } from "#base/texts/cut-text.ts";
import type { Tool } from "#runtime/tools/index.ts";
import { defineTool, untrustedPart } from "#runtime/tools/index.ts";
import { brave } from "#tools/search/brave.ts";
import { duckDuckGo } from "#tools/search/duckduckgo.ts";
import { exa } from "#tools/search/exa.ts";
import { FRESHNESS_PATTERN, parseFreshness } from "#tools/search/freshness.ts";
import type { SearchProvider, SearchResult } from "#tools/search/search-provider.ts";
import { tavily } from "#tools/search/tavily.ts";

type Named<Value> = Readonly<Partial<Record<SearchProvider["name"], Value>>>;

export interface WebSearchOptions {
  /** The operator's keys. */
  readonly keys: Named<Secret>;
  /** Base URLs that replace the providers' own. */
  readonly bases: Named<string>;
}

/** The providers that need a key. The first one that has a key is used. */
const KEYED = [exa, tavily, brave];

const ApiKey = z.string().min(1).max(1_000).optional();
const Settings = z.object({
  exa_api_key: ApiKey.describe("A key of the tenant's own for Exa"),
  tavily_api_key: ApiKey.describe("A key of the tenant's own for Tavily"),
  brave_api_key: ApiKey.describe("A key of the tenant's own for Brave Search"),
});

const Language = z.string().regex(/^[a-z]{2,3}(?:-[A-Za-z]{2,4})?$/);

const Arguments = z.object({
  query: z.string().trim().min(1).max(2_000),
  count: z.int().min(1).max(10).default(5).describe("How many results"),
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/)
    .optional()
    .describe("Two-letter code of the country to search for, such as VN"),
  search_lang: Language.optional().describe("Language of the results, such as vi"),
  ui_lang: Language.optional().describe("Language of the engine's own words, such as vi-VN"),
  freshness: z
    .string()
    .regex(FRESHNESS_PATTERN)
    .optional()
    .describe("day, week, month, year, or a range such as 2026-01-01to2026-01-31"),
});

/**
 * Creates the tool that searches the web. It uses the tenant's keys first, then the operator's, and then DuckDuckGo.
 */
export function createWebSearchTool({ keys, bases }: WebSearchOptions): Tool {
  return defineTool({
    name: "web_search",
    group: "web",
    description: "Search the web. Gives titles, addresses and snippets; read a page with web_fetch.",
    arguments: Arguments,
    settings: { schema: Settings, secrets: ["exa_api_key", "tavily_api_key", "brave_api_key"] },
    effect: () => "read",
    run: async ({ web, clock, settings }, { query, count, country, search_lang, ui_lang, freshness }, signal) => {
      const tenantKeys = Object.fromEntries(KEYED.map(({ name }) => [name, settings.secrets[`${name}_api_key`]]));
      const { provider, key } = choose(tenantKeys) ?? choose(keys) ?? { provider: duckDuckGo, key: new Secret("") };
      const request = {
        query,
        count,
        country,
        searchLanguage: search_lang,
        uiLanguage: ui_lang,
        freshness: freshness === undefined ? undefined : parseFreshness(freshness),
      };
      const base = bases[provider.name] ?? provider.defaultBase;
      const access = { fetch: web.fetch, base, key: key.reveal(), now: clock.now(), signal };
      const results = (await provider.search(request, access)).filter(({ url }) => /^https?:\/\//i.test(url));
      if (results.length === 0) return "Nothing was found.";
      const found = results.slice(0, count).map(formatResult).join("\n\n");
      return [untrustedPart(`web search by ${provider.name}`, found)];
    },
  });
}

/**
 * Chooses the first provider with a key. The caller tries the tenant's keys first, so a tenant with keys of its own
 * never spends the operator's.
 */
function choose(keys: Named<Secret>) {
  for (const provider of KEYED) {
    const key = keys[provider.name];
    if (key && !key.isEmpty) return { provider, key };
  }
  return undefined;
}

const MAX_URL = 2_000;

function formatResult({ title, url, snippet, published }: SearchResult, index: number): string {
  const facts = [
    `${index + 1}. ${title}`,
    headOf(url, MAX_URL),
    ...(published ? [`Published: ${headOf(published, 100)}`] : []),
  ];
  return [...facts, ...(snippet ? [snippet] : [])].join("\n");
}
