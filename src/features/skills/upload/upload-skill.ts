import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import { ThreadsBusy } from "#base/threads/thread-pool.ts";
import type { Context } from "#core/context.ts";
import { Reply } from "#core/reply.ts";
import { defineService } from "#core/service.ts";
import type { UploadedFile } from "#core/uploads/uploaded-file.ts";
import { ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";
import { findBundledSkill } from "#features/skills/bundled/bundled-skills.ts";
import { type Incoming, skillFolders } from "#features/skills/folders/skill-folders.ts";
import type { UploadedSkill, UploadSkillInput } from "#features/skills/schema.ts";
import { findManagingAgents, type ManagingAgents } from "#features/skills/upload/find-managing-agents.ts";
import { storeVersion } from "#features/skills/upload/store-version.ts";
import { blobStore } from "#runtime/transcript/index.ts";

/** The most bytes of the body of an upload: those of the archive and `LIMITS.skillFormBytes`. */
export const skillBodyBytes = defineService<number>("skill-body-bytes");

/**
 * Stores an archive as the next version of a skill, or answers that the current version has the same files. Throws 413
 * for an archive above the limit, and 400 with the cause as `reason` for one that is refused.
 */
export async function uploadSkill(
  ctx: Context,
  { file, manager_agent_ids }: UploadSkillInput,
): Promise<UploadedSkill | Reply<UploadedSkill>> {
  const maxBytes = ctx.use(skillBodyBytes) - LIMITS.skillFormBytes;
  if (file.size > maxBytes) throw tooLarge(maxBytes);
  const managers = await findManagingAgents(ctx, manager_agent_ids);
  const folders = ctx.use(skillFolders);
  const maxUnpackedBytes = Math.max(LIMITS.skillUnpackedBytes, maxBytes);
  const incoming = await folders.unpack(ctx.tenantId, file.path, maxUnpackedBytes).catch(toRefused(file.name));
  try {
    requireHarmless(incoming);
    requireFreeSlug(incoming);
    return await store(ctx, file, incoming, managers);
  } finally {
    await folders.discard(incoming);
  }
}

async function store(ctx: Context, file: UploadedFile, incoming: Incoming, { agents, errors }: ManagingAgents) {
  const blob = await ctx.use(blobStore).adopt(ctx.tenantId, file);
  const { answer, version } = await storeVersion(ctx, incoming.skill, { blob, managers: agents });
  const shown = { ...answer, ...(errors.length > 0 && { grant_errors: [...errors] }) };
  if (version === undefined) return new Reply(shown, {}, 200);
  await ctx.use(skillFolders).adopt(ctx.tenantId, incoming, version);
  return shown;
}

const tooLarge = (max: number) =>
  new AppError("INVALID_REQUEST", "error.body_too_large", { max }, { status: 413, field: "file" });

/** Converts the refusal of an archive, whose name stands for what no entry is the cause of. */
const toRefused =
  (name: string) =>
  (thrown: unknown): never => {
    if (thrown instanceof ThreadsBusy)
      throw new AppError("UNAVAILABLE", "error.too_many_bodies", {}, { reason: "busy" });
    if (!(thrown instanceof ArchiveRefusal)) throw thrown;
    const detail = thrown.detail || headOf(name, NAME_CHARS) || "file";
    const options = { reason: thrown.fault, field: "file" };
    throw new AppError("INVALID_REQUEST", `skill_archive.${thrown.fault}`, { detail }, options);
  };

const NAME_CHARS = 100;

function requireHarmless({ skill }: Incoming): void {
  const { dangers } = skill.manifest;
  const [first] = dangers;
  if (!first) return;
  const options = { reason: "dangerous_instructions", field: "file", details: { violations: dangers } };
  throw new AppError("INVALID_REQUEST", "error.skill_dangerous", { line: first.line, rule: first.rule }, options);
}

/** Throws 409 if the slug is that of one of the gateway's own skills. */
function requireFreeSlug({ skill }: Incoming): void {
  const { slug } = skill.manifest;
  if (!findBundledSkill(slug)) return;
  throw new AppError("ALREADY_EXISTS", "error.skill_is_system", { slug }, { reason: "system_skill" });
}
