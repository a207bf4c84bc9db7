import { relative } from "node:path";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import type { SkillsTable } from "#db/skill-tables.ts";
import { fromBit, fromJson } from "#db/values.ts";
import { findAgentsById } from "#features/agents/index.ts";
import { SKILL_FILE } from "#features/skills/archive/find-layout.ts";
import type { BundledSkill } from "#features/skills/bundled/bundled-skills.ts";
import { skillFolders } from "#features/skills/folders/skill-folders.ts";
import type { SkillManifest } from "#features/skills/manifest/parse-skill-file.ts";
import { managersOf } from "#features/skills/repository.ts";
import type { Skill } from "#features/skills/schema.ts";

/** The part of a manifest that a skill's row keeps as JSON. */
export type KeptManifest = Pick<
  SkillManifest,
  "author" | "license" | "compatibility" | "metadata" | "allowedTools" | "requirements"
>;

/** Converts rows to what is sent, with the agents that manage each skill. */
export async function toSkills(ctx: Context, rows: readonly SkillsTable[]): Promise<Skill[]> {
  const grants = await managersOf(ctx.db.read, rows.length === 1 ? rows[0]?.id : undefined);
  const agents = await findAgentsById(ctx.db.read, [...new Set(grants.map(({ agent_id }) => agent_id))]);
  const bySkill = Map.groupBy(grants, ({ skill_id }) => skill_id);
  return rows.map((row) => {
    const managers = (bySkill.get(row.id) ?? []).flatMap(({ agent_id }) => agents.get(agent_id) ?? []);
    const manager_agents = managers.map(({ id, key, settings: { display_name } }) => ({
      id,
      agent_key: key,
      ...(display_name !== undefined && { display_name }),
    }));
    return { ...toSkill(ctx, row), ...(manager_agents.length > 0 && { manager_agents }) };
  });
}

function toSkill(ctx: Context, row: SkillsTable): Skill {
  const { author, license, compatibility, metadata, allowedTools } = fromJson<KeptManifest>(row.manifest);
  const missing = fromJson<readonly string[]>(row.missing_deps);
  return {
    id: row.id,
    name: row.name,
    slug: row.slug,
    ...toPaths(ctx, ctx.use(skillFolders).pathOf(ctx.tenantId, row)),
    source: "managed",
    description: row.description,
    visibility: row.visibility,
    tags: fromJson<string[]>(row.tags),
    version: row.version,
    is_system: false,
    status: row.status === "archived" ? "archived" : "active",
    enabled: fromBit(row.enabled),
    owner_id: row.owner_id,
    ...(author !== undefined && { author }),
    ...(license !== undefined && { license }),
    ...(compatibility !== undefined && { compatibility }),
    ...(Object.keys(metadata).length > 0 && { metadata: { ...metadata } }),
    ...(allowedTools.length > 0 && { allowed_tools: [...allowedTools] }),
    ...(missing.length > 0 && { missing_deps: [...missing] }),
  };
}

/** Converts one of the gateway's own skills. `chosen` is the tenant's choice whether to use it. */
export function toSystemSkill(ctx: Context, skill: BundledSkill, chosen: boolean | undefined): Skill {
  const { id, name, slug, description } = skill;
  return {
    ...{ id, name, slug, description },
    ...toPaths(ctx, ctx.use(skillFolders).pathOfBundled(skill)),
    source: "builtin",
    visibility: "public",
    tags: [],
    version: 1,
    is_system: true,
    status: "active",
    enabled: chosen ?? true,
    ...(chosen !== undefined && { tenant_enabled: chosen }),
  };
}

/** Only administrators learn where on the machine skills lie. */
function toPaths(ctx: Context, folder: string): Pick<Skill, "path" | "baseDir"> {
  const { root } = ctx.use(skillFolders);
  const baseDir = hasRole(ctx, "admin") ? folder : relative(root, folder).replace(`${ctx.tenantId}/`, "");
  return { path: `${baseDir}/${SKILL_FILE}`, baseDir };
}
