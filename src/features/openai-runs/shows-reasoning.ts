import type { Context } from "#core/context.ts";
import type { StoredAgent } from "#features/agents/index.ts";

/** Returns whether the answer has the model's reasoning: a header asks for it, or the agent is set so. */
export const showsReasoning = ({ options }: Context, { settings }: StoredAgent): boolean =>
  (options.events ?? []).includes("reasoning") || settings.other_config?.show_reasoning === true;
