import type { AnsweredBy } from "#runtime/runs/index.ts";

/** Returns the response header that names the provider and model that answered. */
export const modelHeader = ({ provider, model }: AnsweredBy): Readonly<Record<string, string>> => ({
  "X-GoClaw-Model": `${provider}/${model}`,
});
