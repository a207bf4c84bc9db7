import type { LanguageModelV3StreamPart, SharedV3ProviderMetadata } from "@ai-sdk/provider";
import type { JsonObject } from "#base/json.ts";
import type { ModelEvent } from "#models/language-model.ts";

type ReasoningPart = Extract<LanguageModelV3StreamPart, { type: `reasoning-${string}` }>;

interface Block {
  isShown: boolean;
  metadata: Record<string, JsonObject> | undefined;
}

/** Follows blocks of reasoning and collects what a provider attaches to them, wherever in a block it does so. */
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

/** A block may be all metadata: reasoning that the provider keeps to itself. */
function endOf({ isShown, metadata }: Block): readonly ModelEvent[] {
  if (!isShown && metadata === undefined) return [];
  const end: ModelEvent = metadata === undefined ? { type: "reasoning_end" } : { type: "reasoning_end", metadata };
  return isShown ? [end] : [{ type: "reasoning", text: "" }, end];
}

function merge(known: Record<string, JsonObject> | undefined, added: SharedV3ProviderMetadata) {
  const merged = { ...known };
  for (const [adapter, facts] of Object.entries(added)) {
    // Safe: an adapter's metadata holds nothing but JSON.
    merged[adapter] = { ...merged[adapter], ...(facts as JsonObject) };
  }
  return merged;
}
