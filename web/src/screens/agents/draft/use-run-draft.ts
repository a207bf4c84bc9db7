import { useMemo } from "react";
import { useWatch } from "react-hook-form";
import type { RunDraft } from "#web/chat/use-conversation.ts";
import type { Agent, AgentChanges, AgentDraft } from "#web/screens/agents/draft/agent-draft.ts";
import { toChanges } from "#web/screens/agents/draft/to-changes.ts";
import type { AgentForm } from "#web/screens/agents/draft/use-agent-form.ts";

/** One of an agent's files as a person is writing it. */
export interface WrittenFile {
  readonly name: keyof NonNullable<RunDraft["files"]>;
  readonly content: string;
}

export interface TriedDraft {
  /** Undefined if nothing that can be tried is changed. */
  readonly draft: RunDraft | undefined;
  /** True if something is changed that takes effect only when it is saved. */
  readonly hasMore: boolean;
}

const TRIED: ReadonlySet<string> = new Set<keyof AgentChanges & keyof RunDraft>([
  ...(["provider", "model", "thinking_level", "max_tokens", "max_tool_iterations"] as const),
  ...(["tools_config", "model_fallback"] as const),
]);

/** Returns what a run can try of the changes that are not saved. */
export function useRunDraft(agent: Agent, { control }: AgentForm, file: WrittenFile | undefined): TriedDraft {
  const values = useWatch({ control }) as AgentDraft;
  return useMemo(() => {
    const changes = Object.entries(toChanges(agent, values));
    const tried = changes.filter(([name]) => TRIED.has(name));
    const draft: RunDraft = { ...Object.fromEntries(tried), ...(file && { files: { [file.name]: file.content } }) };
    return {
      draft: Object.keys(draft).length > 0 ? draft : undefined,
      hasMore: tried.length < changes.length,
    };
  }, [agent, values, file]);
}
