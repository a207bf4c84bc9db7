import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig, parseSections, unusable } from "#app/config/file/parse-config.ts";
import type { Environment } from "#app/config/read-environment.ts";
import type { Config } from "#app/config/schema.ts";

export interface LoadedConfig {
  readonly config: Config;
  /** Sentences for the operator about settings without effect. */
  readonly warnings: readonly string[];
}

/** Reads `config.json` and the environment, which takes precedence. Throws `StartError` if either is unusable. */
export function loadConfig({ home, env }: { readonly home: string; readonly env: Environment }): LoadedConfig {
  const file = join(home, "config.json");
  const text = readConfigFile(file);
  return parseConfig(text === undefined ? {} : parseSections(text, file), { file, env });
}

/** Returns the text of the file, or undefined if there is none. Throws `StartError` if it cannot be read. */
export function readConfigFile(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unusable(`${file} cannot be read (${code}): check its permissions.`, error);
  }
}
