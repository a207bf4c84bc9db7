import type { JsonObject } from "#base/json.ts";
import type { ModelMetadata } from "#models/language-model.ts";

/** Returns the metadata that the given adapter wrote, or undefined if it wrote none. */
export function metadataOf(metadata: ModelMetadata | undefined, adapter: string): JsonObject | undefined {
  const own = metadata !== undefined && Object.hasOwn(metadata, adapter) ? metadata[adapter] : undefined;
  return own !== null && typeof own === "object" && !Array.isArray(own) ? (own as JsonObject) : undefined;
}
