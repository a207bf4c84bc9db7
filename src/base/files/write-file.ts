import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { newId } from "#base/ids.ts";

/**
 * Writes a new file (mode 0600) atomically and durably. Returns false if the file exists, and leaves it unchanged.
 * If two processes try at the same time, one wins. No reader ever sees a partial file.
 */
export function writeNewFile(path: string, text: string): boolean {
  if (existsSync(path)) return false;
  const draft = writeDraft(path, text);
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  syncDirectory(dirname(path));
  return true;
}

/** Replaces a file (mode 0600) atomically and durably. */
export function replaceFile(path: string, text: string): void {
  const draft = writeDraft(path, text);
  try {
    renameSync(draft, path);
  } catch (error) {
    // A file that is mounted by itself cannot be replaced.
    rmSync(draft, { force: true });
    throw error;
  }
  syncDirectory(dirname(path));
}

function writeDraft(path: string, text: string): string {
  const draft = `${path}.${newId()}.tmp`;
  const file = openSync(draft, "wx", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return draft;
}

/** Makes a new file name durable, so that it survives a power failure. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
