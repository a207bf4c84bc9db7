import { LIMITS } from "#base/limits.ts";
import type { EventBus } from "#core/events/events.ts";
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
/** The tags and the name around a file, and the note where it is cut. */
const MARKUP_CHARS = 1_000;

/** Creates the prompt source for the agent's name and its context files. */
export function createContextFileSource(events: EventBus): PromptSource {
  const load = rememberAgents(events, async (db, agentId) => toSections(await readContextFiles(db, agentId)));
  return {
    async load(db, { agent }) {
      const { id, name, draftedFiles } = agent;
      const sections = draftedFiles ? toSections(await readContextFiles(db, id, draftedFiles)) : await load(db, id);
      return [toIdentity(name), ...(sections ?? [])];
    },
  };
}

function toSections(stored: readonly ContextFile[]): readonly PromptSection[] {
  const files = truncateContextFiles(stored);
  return files.length === 0 ? [] : [INTRODUCTION, ...files.map(toFileSection)];
}

const toIdentity = (name: string): PromptSection => ({
  name: "identity",
  text: `You are ${name}, an AI agent. Use your tools when they help; answer in the user's language.`,
  place: "stable",
  maxChars: IDENTITY_CHARS,
});

const INTRODUCTION: PromptSection = {
  name: "introduction",
  text: "These files say who you are and how you work:",
  place: "stable",
  maxChars: IDENTITY_CHARS,
};

/** A context file as a section of its own, so that a file of the same name can replace it for one user. */
export const toFileSection = ({ name, content }: ContextFile): PromptSection => ({
  name: `file:${name}`,
  text: `<context_file name="${name}">\n${content}\n</context_file>`,
  place: "stable",
  maxChars: LIMITS.contextFileChars + MARKUP_CHARS,
});

/** Files that an ordinary run does not read. */
const LEFT_OUT = ["HEARTBEAT.md"];

/** Returns the files of an agent in the order of the prompt. Those in `drafted` replace the stored ones. */
export async function readContextFiles(
  db: TenantDatabase,
  agentId: string,
  drafted: Readonly<Record<string, string>> = {},
): Promise<readonly ContextFile[]> {
  const rows = await db.read
    .selectFrom("agent_context_files")
    .select(["file_name as name", "content"])
    .where("agent_id", "=", agentId)
    .where("file_name", "not in", LEFT_OUT)
    .execute();
  const contents = new Map([...rows.map(({ name, content }) => [name, content] as const), ...Object.entries(drafted)]);
  for (const name of LEFT_OUT) contents.delete(name);
  const files = [...contents].map(([name, content]) => ({ name, content }));
  return files.toSorted((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}

function rank(name: string): number {
  const place = CONTEXT_FILE_ORDER.indexOf(name);
  return place === -1 ? CONTEXT_FILE_ORDER.length : place;
}
