import { notFound } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { getOwnedAgent } from "#features/agents/access.ts";
import type { PreviewInput, PromptPreview } from "#features/agents/files/schema.ts";
import { readContextFiles } from "#features/agents/runnable/create-context-file-source.ts";
import { buildSystemPrompt, promptSource, truncateContextFiles } from "#runtime/prompt/index.ts";
import { agentSource } from "#runtime/runs/index.ts";
import { runToolsSource } from "#runtime/tools/index.ts";

/** Returns the system prompt that the agent's next run for a user would have, and what it leaves out. */
export async function previewPrompt(ctx: Context, { id: reference, user_id }: PreviewInput): Promise<PromptPreview> {
  const { id, key } = await getOwnedAgent(ctx, reference, "see the prompt of an agent");
  const agent = await ctx.use(agentSource).load(ctx.db, id);
  if (!agent) throw notFound("agent", key);
  const userId = user_id ?? ctx.userId;
  const tools = await ctx.use(runToolsSource).load(ctx.db, { agent, userId });
  const hasTool = (name: string) => tools.find(name) !== undefined;
  const subject = { agent, userId, sessionId: "", message: "", hasTool };
  const [sections, files] = await Promise.all([
    ctx.use(promptSource).load(ctx.db, subject),
    readContextFiles(ctx.db, id),
  ]);
  const prompt = buildSystemPrompt(sections, undefined);
  const shown = new Map(truncateContextFiles(files).map(({ name, content }) => [name, content]));
  return {
    agent_id: id,
    prompt,
    chars: prompt.length,
    sections: sections
      .toSorted((a, b) => Number(a.place === "volatile") - Number(b.place === "volatile"))
      .map(({ name, place, text, maxChars }) => ({ name, place, chars: Math.min(text.length, maxChars) })),
    cut_files: files
      .map(({ name, content }) => ({
        name,
        chars: content.trim().length,
        shown_chars: Math.min(shown.get(name)?.length ?? 0, LIMITS.contextFileChars),
      }))
      .filter(({ name, chars }) => chars > 0 && shown.get(name)?.length !== chars),
  };
}
