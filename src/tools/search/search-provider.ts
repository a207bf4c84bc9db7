import type { EgressFetch } from "#base/egress/egress-fetch.ts";
import type { Freshness } from "#tools/search/freshness.ts";

/** The model's request. Languages and countries are ISO codes. A provider uses the fields that it supports. */
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
  /** The date of publication, in the provider's own format. */
  readonly published?: string | undefined;
}

/** The access to a provider. */
export interface SearchAccess {
  readonly fetch: EgressFetch;
  /** The base URL of its API. */
  readonly base: string;
  /** The API key. Empty for a provider that needs none. */
  readonly key: string;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** A search engine behind the web_search tool. */
export interface SearchProvider {
  readonly name: "exa" | "tavily" | "brave" | "duckduckgo";
  readonly defaultBase: string;
  /** Searches the web. Throws `ToolError` if the provider does not answer as documented. */
  search(request: SearchRequest, access: SearchAccess): Promise<readonly SearchResult[]>;
}
