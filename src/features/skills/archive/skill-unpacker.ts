import { rm } from "node:fs/promises";
import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { ThreadFailure } from "#base/threads/thread.ts";
import { ThreadPool } from "#base/threads/thread-pool.ts";
import { ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";
import type { UnpackAnswer } from "#features/skills/archive/archive-worker.ts";
import type { UnpackedSkill, UnpackJob } from "#features/skills/archive/unpack-archive.ts";

// The worker must be a separate file in the executable too. `scripts/executable.mjs` names it as an entry point.
const startArchiveWorker = () => new Worker(new URL("./archive-worker.ts", import.meta.url).href, { smol: true });

export interface Archive {
  /** Its bytes, or the path of its file. */
  readonly content: ArrayBuffer | string;
  readonly tenantId: TenantId;
  /** A directory that does not exist yet. */
  readonly directory: string;
  /** The most bytes that the files have when they are unpacked. */
  readonly maxUnpackedBytes: number;
}

/** Checks and unpacks archives of skills outside the event loop. */
export class SkillUnpacker {
  readonly #threads = new ThreadPool<UnpackJob, UnpackAnswer>({
    start: startArchiveWorker,
    timeoutMs: LIMITS.skillUnpacking,
    maxWaiting: LIMITS.skillsWaiting,
    maxWaitingPerTenant: LIMITS.skillsWaitingPerTenant,
  });

  /** Throws `ArchiveRefusal`, and `ThreadsBusy` if too many archives wait. Then the directory does not exist. */
  async unpack({ content: archive, tenantId, directory, maxUnpackedBytes }: Archive): Promise<UnpackedSkill> {
    const limits = {
      maxEntries: LIMITS.skillEntries,
      maxUnpackedBytes,
      maxSkillFileBytes: LIMITS.skillFileBytes,
    };
    try {
      const job = { archive, directory, limits };
      const answer = await this.#threads.run({ job, tenantId, moved: typeof archive === "string" ? [] : [archive] });
      switch (answer.kind) {
        case "unpacked":
          return answer.skill;
        case "refused":
          throw new ArchiveRefusal(answer.fault, answer.detail);
        case "failed":
          throw new Error(answer.error);
      }
    } catch (thrown) {
      await rm(directory, { recursive: true, force: true });
      throw thrown instanceof ThreadFailure ? new ArchiveRefusal("too_slow") : thrown;
    }
  }
}
