const JUNK_NAMES = new Set([
  ...["__MACOSX", ".DS_Store", ".Spotlight-V100", ".Trashes", ".fseventsd"],
  ...["Thumbs.db", "desktop.ini"],
]);

/** Returns whether an operating system added the entry by itself. */
export const isJunk = (parts: readonly string[]): boolean =>
  parts.some((part) => JUNK_NAMES.has(part) || part.startsWith("._"));
