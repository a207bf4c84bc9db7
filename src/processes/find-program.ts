import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** Finds a program in directories that are separated by colons. Relative directories do not count. */
export const findProgram = (name: string, path: string): string | undefined =>
  path
    .split(":")
    .filter((directory) => directory.startsWith("/"))
    .map((directory) => join(directory, name))
    .find(isExecutable);

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
