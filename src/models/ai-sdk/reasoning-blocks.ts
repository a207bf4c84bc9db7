import type { LanguageModelV3StreamPart, SharedV3ProviderMetadata } from "@ai-sdk/provider";
import type { JsonObject } from "#base/json.ts";
import type { ModelEvent } from "#models/language-model.ts";

type ReasoningPart = Extract<LanguageModelV3StreamPart, { type: `reasoning-${string}` }>;

interface Block {
  isShown: boolean;
  metadata: Record<string, JsonObject> | undefined;
}

/** Converts reasoning parts into events. Collects the provider metadata of each block, whichever part carries it. */
export class ReasoningBlocks {
  readonly #blocks = new Map<string, Block>();

  take(part: ReasoningPart): readonly ModelEvent[] {
    const block = this.#blocks.get(part.id) ?? { isShown: false, metadata: undefined };
    this.#blocks.set(part.id, block);
    if (part.providerMetadata) block.metadata = merge(block.metadata, part.providerMetadata);
    switch (part.type) {
      case "reasoning-start":
        return [];
      case "reasoning-delta":
        if (part.delta === "") return [{ type: "progress" }];
        block.isShown = true;
        return [{ type: "reasoning", text: part.delta }];
      case "reasoning-end":
        this.#blocks.delete(part.id);
        return endOf(block);
    }
  }
}

/** Returns the events that end a block. A block may have metadata but no text if the provider hides its reasoning. */
function endOf({ isShown, metadata }: Block): readonly ModelEvent[] {
  if (!isShown && metadata === undefined) return [];
  const end: ModelEvent = metadata === undefined ? { type: "reasoning_end" } : { type: "reasoning_end", metadata };
  return isShown ? [end] : [{ type: "reasoning", text: "" }, end];
}

function merge(existing: Record<string, JsonObject> | undefined, added: SharedV3ProviderMetadata) {
  const merged = { ...existing };
  for (const [adapter, facts] of Object.entries(added)) {
    // Safe: an adapter's metadata consists of JSON values only.
    merged[adapter] = { ...merged[adapter], ...(facts as JsonObject) };
  }
  return merged;
}
