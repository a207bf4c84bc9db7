import type { Requirements } from "#features/skills/manifest/find-requirements.ts";

/** The programs of a skill that this machine does not have. */
export interface Missing {
  readonly names: readonly string[];
  /** False if the skill cannot work without them. */
  readonly isUsable: boolean;
}

/** Looks for the programs of a skill on the search path. Installs nothing. */
export function findMissing({ needed, mentioned }: Requirements): Missing {
  const isMissing = (name: string) => Bun.which(name) === null;
  return { names: [...needed, ...mentioned].filter(isMissing), isUsable: !needed.some(isMissing) };
}
