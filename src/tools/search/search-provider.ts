import type { EgressFetch } from "#base/egress/egress-fetch.ts";
import type { Freshness } from "#tools/search/freshness.ts";

/** What the model asked for. Languages and countries are ISO codes; a provider uses what it understands. */
export interface SearchRequest {
  readonly query: string;
  readonly count: number;
  readonly country: string | undefined;
  readonly searchLanguage: string | undefined;
  readonly uiLanguage: string | undefined;
  readonly freshness: Freshness | undefined;
}

export interface SearchResult {
  readonly title: string;
  readonly url: string;
  readonly snippet: string;
  /** As the provider writes it. */
  readonly published?: string | undefined;
}

/** How a provider is reached. */
export interface SearchAccess {
  readonly fetch: EgressFetch;
  /** Its API's address without the path. */
  readonly base: string;
  /** Empty for a provider that needs none. */
  readonly key: string;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** A search engine behind the web_search tool. */
export interface SearchProvider {
  readonly name: "exa" | "tavily" | "brave" | "duckduckgo";
  readonly defaultBase: string;
  /** Throws `ToolError` when it does not answer as documented. */
  search(request: SearchRequest, access: SearchAccess): Promise<readonly SearchResult[]>;
}
