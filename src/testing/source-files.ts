import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../..");

/**
 * Every TypeScript and JavaScript file below `src` that people write, as paths from the root of the repository.
 */
export const files: readonly string[] = [...new Bun.Glob("src/**/*.{ts,js}").scanSync({ cwd: ROOT })]
  .filter((path) => !path.includes("/generated/"))
  .sort();

/** The files of the dashboard, as paths from the root of the repository. */
export const webFiles: readonly string[] = [...new Bun.Glob("web/**/*.{ts,tsx}").scanSync({ cwd: ROOT })].sort();

const isTest = (path: string) => path.endsWith(".test.ts") || path.endsWith("-fixture.ts");

/** The files that are neither tests nor fixtures. */
export const sources: readonly string[] = files.filter((path) => !isTest(path));

export const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** The layer of a file: the first folder below `src`. */
export const layerOf = (path: string): string => path.split("/")[1] ?? "";

/** The text of a file without the comments that have a line of their own. */
export const codeOf = (path: string): string => read(path).replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, "");

/** The module names that a file imports. */
export const importsOf = (path: string): readonly string[] =>
  [...codeOf(path).matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
