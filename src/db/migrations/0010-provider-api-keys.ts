import type { Migration } from "#db/migrations/migration.ts";

/** Adds the further keys of each provider, as a JSON list of sealed texts. */
export const providerApiKeys: Migration = {
  name: "0010-provider-api-keys",
  statements: ["alter table llm_providers add column api_keys text not null default '[]'"],
};
