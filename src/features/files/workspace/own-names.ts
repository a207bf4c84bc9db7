import { isDeniedName } from "#runtime/tools/index.ts";

/** The gateway's own directory in each workspace. No path leads into it. */
export const OWN_DIRECTORY = ".goclaw";

const JUNK = [".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"];
const PROTECTED = ["skills", "skills-store", "media", "tenants"];

/** Returns true for the names of files that are nobody's: those of the gateway itself and of operating systems. */
export const isJunk = (name: string): boolean => isDeniedName(name) || JUNK.includes(name);

/** Returns true for the names that the gateway keeps at the top of a workspace. Nobody deletes or moves them. */
export const isProtected = (names: readonly string[]): boolean =>
  names.length === 1 && PROTECTED.includes((names[0] ?? "").toLowerCase());
