import { join } from "node:path";
import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { EventBus } from "#core/events/events.ts";
import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import { SKILL_FILE } from "#features/skills/archive/find-layout.ts";
import { skillEvents } from "#features/skills/events.ts";
import type { SkillFolders, StoredVersion } from "#features/skills/folders/skill-folders.ts";
import { readUsable } from "#features/skills/library/read-usable.ts";
import { SkillSet } from "#features/skills/library/skill-set.ts";
import type { UsableSkill } from "#features/skills/library/usable-skill.ts";
import { decodeSkillFile } from "#features/skills/manifest/decode-skill-file.ts";
import { splitFrontMatter } from "#features/skills/manifest/split-front-matter.ts";
import { findVersion, toStoredVersion } from "#features/skills/repository.ts";
import { tenantDeleted } from "#features/tenants/index.ts";
import type { FolderUser, ReadOnlyFolders } from "#runtime/tools/index.ts";

const MAX_SETS = 2_000;
const MAX_VERSIONS = 1_000;

/** A skill that was opened for an agent. */
export interface OpenSkill {
  readonly folder: string;
  readonly files: readonly string[];
  /** The instructions, with the skill's folder in place of `{baseDir}`. */
  readonly instructions: string;
}

/** The skills that runs use. Answers from memory until a skill or a grant changes. */
export class SkillLibrary {
  readonly #folders: SkillFolders;
  readonly #sets = new Remembered<SkillSet>({ max: MAX_SETS, ttl: LIMITS.keyCacheTime });
  /** Versions never change. */
  readonly #versions = new Remembered<StoredVersion>({ max: MAX_VERSIONS, ttl: LIMITS.keyCacheTime });

  constructor(folders: SkillFolders, events: EventBus) {
    this.#folders = folders;
    events.subscribe([...skillEvents, tenantDeleted], {
      receive: ({ tenantId }) => this.#sets.forget((key) => key.startsWith(`["${tenantId}"`)),
      onMissed: () => this.#sets.forget(),
    });
  }

  /** Returns the skills that an agent may use now for a user. */
  load(db: TenantDatabase, user: FolderUser): Promise<SkillSet> {
    const key = JSON.stringify([db.tenantId, user.agentId, user.userId]);
    return this.#sets.get(key, async () => new SkillSet(await readUsable(db.read, user)));
  }

  /** Reads a skill for an agent that may use it. */
  async open(db: TenantDatabase, skill: UsableSkill): Promise<OpenSkill> {
    const folder = await this.#openFolder(db, skill);
    const text = decodeSkillFile(await Bun.file(join(folder, SKILL_FILE)).bytes());
    const instructions = splitFrontMatter(text).body.trim().replaceAll("{baseDir}", folder);
    return { folder, files: await this.#filesOf(db, skill), instructions };
  }

  /** Returns the folders that an agent may read when it works for a user. */
  foldersOf(db: TenantDatabase, user: FolderUser): ReadOnlyFolders {
    const whose = async (isWanted: (folder: string) => boolean) =>
      (await this.load(db, user)).skills.filter((skill) => isWanted(this.#pathOf(db, skill)));
    return {
      find: async (path) => {
        const [skill] = await whose((folder) => path === folder || path.startsWith(`${folder}/`));
        return skill && this.#openFolder(db, skill);
      },
      namedIn: async (text) => {
        const named = await whose((folder) => text.includes(folder));
        return Promise.all(named.map((skill) => this.#openFolder(db, skill)));
      },
    };
  }

  #pathOf({ tenantId }: TenantDatabase, { slug, source }: UsableSkill): string {
    if (source.kind === "bundled") return this.#folders.pathOfBundled(source.skill);
    return this.#folders.pathOf(tenantId, { slug, version: source.version });
  }

  async #openFolder(db: TenantDatabase, { slug, source }: UsableSkill): Promise<string> {
    if (source.kind === "bundled") return this.#folders.openBundled(source.skill);
    return this.#folders.open(db, await this.#versionOf(db, slug, source));
  }

  async #filesOf(db: TenantDatabase, { slug, source }: UsableSkill): Promise<readonly string[]> {
    if (source.kind === "bundled") return [...source.skill.files.keys()];
    return (await this.#versionOf(db, slug, source)).files.map(({ path }) => path);
  }

  #versionOf(
    db: TenantDatabase,
    slug: string,
    { id, version }: Extract<UsableSkill["source"], { kind: "stored" }>,
  ): Promise<StoredVersion> {
    return this.#versions.get(`${db.tenantId}:${id}:${version}`, async () => {
      const row = await findVersion(db.read, id, version);
      if (!row) throw new Error(`the version ${version} of the skill ${slug} is missing`);
      return toStoredVersion(slug, row);
    });
  }
}

export const skillLibrary = defineService<SkillLibrary>("skill-library");
