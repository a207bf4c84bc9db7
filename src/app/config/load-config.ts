import { parseConfig } from "#app/config/file/parse-config.ts";
import { readSections } from "#app/config/file/parse-sections.ts";
import type { Environment } from "#app/config/read-environment.ts";
import type { Config } from "#app/config/schema.ts";
import { configFileOf } from "#app/home/home-path.ts";

export interface LoadedConfig {
  readonly config: Config;
  /** Sentences for the operator about settings without effect. */
  readonly warnings: readonly string[];
}

/** Reads `config.json` and the environment, which takes precedence. Throws `StartError` if either is unusable. */
export function loadConfig({ home, env }: { readonly home: string; readonly env: Environment }): LoadedConfig {
  const file = configFileOf(home);
  return parseConfig(readSections(file), { file, env });
}
