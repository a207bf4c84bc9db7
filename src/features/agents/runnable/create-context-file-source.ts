import { LIMITS } from "#base/limits.ts";
import type { EventBus } from "#core/events.ts";
import type { TenantDatabase } from "#db/database.ts";
import { CONTEXT_FILE_ORDER } from "#features/agents/default-context-files.ts";
import { rememberAgents } from "#features/agents/runnable/remember-agents.ts";
import {
  type ContextFile,
  type PromptSection,
  type PromptSource,
  truncateContextFiles,
} from "#runtime/prompt/index.ts";

const IDENTITY_CHARS = 1_000;
/** The tags, names and notes around the files. */
const MARKUP_CHARS = 4_000;

/** Provides the agent's name and its context files, which say who the agent is and how it works. */
export function createContextFileSource(events: EventBus): PromptSource {
  const load = rememberAgents(events, async (db, agentId) => ({ files: await readContextFiles(db, agentId) }));
  return {
    async load(db, { agent }) {
      const read = await load(db, agent.id);
      return [toIdentity(agent.name), ...toFileSection(read?.files ?? [])];
    },
  };
}

const toIdentity = (name: string): PromptSection => ({
  text: `You are ${name}, an AI agent. Use your tools when they help; answer in the user's language.`,
  place: "stable",
  maxChars: IDENTITY_CHARS,
});

function toFileSection(files: readonly ContextFile[]): readonly PromptSection[] {
  const shown = truncateContextFiles(files).map(
    ({ name, content }) => `<context_file name="${name}">\n${content}\n</context_file>`,
  );
  if (shown.length === 0) return [];
  const text = ["These files say who you are and how you work:", ...shown].join("\n\n");
  return [{ text, place: "stable", maxChars: LIMITS.contextFilesChars + MARKUP_CHARS }];
}

async function readContextFiles(db: TenantDatabase, agentId: string): Promise<readonly ContextFile[]> {
  const rows = await db.read
    .selectFrom("agent_context_files")
    .select(["file_name as name", "content"])
    .where("agent_id", "=", agentId)
    .execute();
  return rows.toSorted((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}

function rank(name: string): number {
  const place = CONTEXT_FILE_ORDER.indexOf(name);
  return place === -1 ? CONTEXT_FILE_ORDER.length : place;
}
