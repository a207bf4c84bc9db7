import { type ArchiveFault, ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";
import { type UnpackedSkill, type UnpackJob, unpackArchive } from "#features/skills/archive/unpack-archive.ts";

// The entry point of a thread. Checking and unpacking an archive may take seconds, which would block the event loop.

/** The thread's answer to a job. */
export type UnpackAnswer =
  | { readonly kind: "unpacked"; readonly skill: UnpackedSkill }
  | { readonly kind: "refused"; readonly fault: ArchiveFault; readonly detail: string }
  | { readonly kind: "failed"; readonly error: string };

declare const self: Worker;

self.onmessage = async ({ data }: MessageEvent<UnpackJob>) => {
  self.postMessage(await answer(data));
};

async function answer(job: UnpackJob): Promise<UnpackAnswer> {
  try {
    return { kind: "unpacked", skill: await unpackArchive(job) };
  } catch (thrown) {
    if (thrown instanceof ArchiveRefusal) return { kind: "refused", fault: thrown.fault, detail: thrown.detail };
    return { kind: "failed", error: String(thrown) };
  }
}
