import { z } from "zod";
import { LIMITS } from "#base/limits.ts";

const Hash = z.string().describe("Identifies the content of the file");
const Path = z.string().describe("The path of the file on the gateway's machine");
const Values = z.looseObject({}).describe("Every key with its value; secrets are `***`");
const Warnings = z.array(z.string()).describe("Settings without effect, such as unknown keys");

export const ConfigFile = z.object({
  config: Values,
  hash: Hash,
  path: Path,
  from_file: z.array(z.string()).describe("The keys that the file sets, such as gateway.port"),
  from_environment: z
    .array(z.string())
    .describe("The keys that the environment sets, such as gateway.port; it takes precedence over the file"),
  restart_keys: z.array(z.string()).describe("The keys whose values the gateway uses only after its next start"),
  warnings: Warnings,
});

export const ChangeConfigInput = z.object({
  raw: z.string().min(1).max(LIMITS.configChars).describe("JSON5. A `***` keeps the secret that is stored"),
  base_hash: z.string().max(200).optional().describe("The hash that the caller has seen; any other is refused"),
});
export type ChangeConfigInput = z.output<typeof ChangeConfigInput>;

export const ChangedConfig = z.object({
  ok: z.literal(true),
  path: Path,
  config: Values,
  hash: Hash,
  from_file: ConfigFile.shape.from_file,
  from_environment: ConfigFile.shape.from_environment,
  restart: z.boolean().describe("Whether some of it waits for the next start"),
  restart_keys: ConfigFile.shape.restart_keys,
  warnings: Warnings,
});

export const ConfigDefaults = z.object({
  agents: z.object({
    contextPruning: z.object({
      keepLastAssistants: z.int(),
      softTrimRatio: z.number(),
      hardClearRatio: z.number(),
      minPrunableToolChars: z.int(),
      ttl: z.string(),
      softTrim: z.object({ maxChars: z.int(), headChars: z.int(), tailChars: z.int() }),
      hardClear: z.object({ enabled: z.boolean(), placeholder: z.string() }),
    }),
    subagents: z.object({
      maxConcurrent: z.int(),
      maxSpawnDepth: z.int(),
      maxChildrenPerAgent: z.int(),
      archiveAfterMinutes: z.int(),
      maxRetries: z.int(),
    }),
  }),
});
export type ConfigDefaults = z.output<typeof ConfigDefaults>;
