import { fromJson } from "#db/values.ts";
import type { StoredAgent } from "#features/agents/index.ts";
import type { Session } from "#features/sessions/schema.ts";
import type { SessionRow } from "#runtime/transcript/index.ts";

const CHARS_PER_TOKEN = 4;
/** The estimated size of the agent's instructions and tools. */
const PROMPT_TOKENS = 12_000;

/** Converts a row to its wire form. Empty and zero values are left out. */
export function toSession(row: SessionRow, agent: StoredAgent | undefined): Session {
  const metadata = fromJson<Record<string, string>>(row.metadata);
  return {
    key: row.key,
    messageCount: row.message_count,
    created: row.created_at,
    updated: row.updated_at,
    label: row.label || undefined,
    channel: row.channel || undefined,
    userID: row.user_id || undefined,
    metadata: Object.keys(metadata).length > 0 ? metadata : undefined,
    inputTokens: row.input_tokens || undefined,
    outputTokens: row.output_tokens || undefined,
    estimatedTokens: Math.ceil(row.text_bytes / CHARS_PER_TOKEN) + PROMPT_TOKENS,
    compactionCount: row.compaction_count || undefined,
    ...(agent && {
      model: agent.model,
      provider: agent.provider,
      agentName: agent.settings.display_name || agent.key,
      contextWindow: agent.settings.context_window,
    }),
  };
}
