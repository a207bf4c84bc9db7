import type { Requirements } from "#features/skills/manifest/find-requirements.ts";
import { SAFE_PATH } from "#processes/base-environment.ts";
import { findProgram } from "#processes/find-program.ts";

/** The programs of a skill that this machine does not have. */
export interface Missing {
  readonly names: readonly string[];
  /** False if the skill cannot work without them. */
  readonly isUsable: boolean;
}

/** Looks for the programs of a skill where commands would find them. Installs nothing. */
export function findMissing({ needed, mentioned }: Requirements): Missing {
  const isMissing = (name: string) => findProgram(name, SAFE_PATH) === undefined;
  return { names: [...needed, ...mentioned].filter(isMissing), isUsable: !needed.some(isMissing) };
}
