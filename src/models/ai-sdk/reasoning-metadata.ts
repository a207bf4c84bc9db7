import type { SharedV3ProviderMetadata } from "@ai-sdk/provider";
import type { JsonObject } from "#base/json.ts";

/** Collects what a provider attaches to a block of reasoning, wherever in the block it does so. */
export class ReasoningMetadata {
  readonly #blocks = new Map<string, Record<string, JsonObject>>();

  add(id: string, metadata: SharedV3ProviderMetadata | undefined): void {
    if (metadata === undefined) return;
    const block = this.#blocks.get(id) ?? {};
    for (const [provider, facts] of Object.entries(metadata)) {
      block[provider] = { ...block[provider], ...(facts as JsonObject) };
    }
    this.#blocks.set(id, block);
  }

  /** Everything the block had, at its end. */
  take(id: string, metadata: SharedV3ProviderMetadata | undefined): JsonObject | undefined {
    this.add(id, metadata);
    const block = this.#blocks.get(id);
    this.#blocks.delete(id);
    return block;
  }
}
