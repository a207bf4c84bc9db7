import type { z } from "zod";
import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import type { AgentContextFilesTable } from "#db/tables.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { getOwnedAgent, lockOwnedAgent, requireUser } from "#features/agents/access.ts";
import { agentFileWritten } from "#features/agents/events.ts";
import {
  type AgentFile,
  type AgentFileList,
  type AgentFilePath,
  CONTEXT_FILES,
  type ContextFileName,
  type OneAgentFile,
  type SetAgentFileInput,
} from "#features/agents/files/schema.ts";

type FileRow = Pick<AgentContextFilesTable, "file_name" | "content" | "updated_at">;

const readRows = (queries: TenantReads, agentId: string): Promise<FileRow[]> =>
  queries
    .selectFrom("agent_context_files")
    .select(["file_name", "content", "updated_at"])
    .where("agent_id", "=", agentId)
    .execute();

const toFile = (name: ContextFileName, row: FileRow | undefined): AgentFile =>
  row
    ? { name, missing: false, size: Buffer.byteLength(row.content), updated_at: row.updated_at, content: row.content }
    : { name, missing: true };

export async function listAgentFiles(
  ctx: Context,
  { id: reference }: { readonly id: string },
): Promise<z.infer<typeof AgentFileList>> {
  const { id } = await getOwnedAgent(ctx, reference, "see the files of an agent");
  const rows = new Map((await readRows(ctx.db.read, id)).map((row) => [row.file_name, row]));
  return { agent_id: id, files: CONTEXT_FILES.map((name) => toFile(name, rows.get(name))) };
}

/** Returns a file of an agent. A file that nobody has written is no error. */
export async function getAgentFile(ctx: Context, input: AgentFilePath): Promise<z.infer<typeof OneAgentFile>> {
  const { id } = await getOwnedAgent(ctx, input.id, "see the files of an agent");
  const rows = await readRows(ctx.db.read, id);
  return {
    agent_id: id,
    file: toFile(
      input.name,
      rows.find(({ file_name }) => file_name === input.name),
    ),
  };
}

/** Writes a file of an agent. The next run reads it. */
export async function setAgentFile(ctx: Context, input: SetAgentFileInput): Promise<z.infer<typeof OneAgentFile>> {
  requireUser(ctx);
  const { name, content } = input;
  return mutate(ctx, agentFileWritten, async (queries) => {
    const { id } = await lockOwnedAgent(ctx, queries, input.id, "change the files of an agent");
    const updated_at = toTimestamp(ctx.clock.now());
    await queries
      .insertInto("agent_context_files", { agent_id: id, file_name: name, content, updated_at })
      .onConflict((conflict) => conflict.columns(["agent_id", "file_name"]).doUpdateSet({ content, updated_at }))
      .execute();
    const value = { agent_id: id, file: toFile(name, { file_name: name, content, updated_at }) };
    return { entityId: id, value, details: { file: name } };
  });
}
