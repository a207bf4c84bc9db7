import type { z } from "zod";
import {
  type ConfigPlace,
  describePlace,
  resolveSections,
  type Sections,
  unusable,
} from "#app/config/file/parse-sections.ts";
import { findUnknownKeys, findUnknownVariables } from "#app/config/find-unknown-names.ts";
import { type Environment, type EnvironmentValue, readEnvironment } from "#app/config/read-environment.ts";
import { Config } from "#app/config/schema.ts";
import { readSettings, type Shape } from "#app/config/settings.ts";
import { isRecord, ownValue, recordOf } from "#base/json.ts";

export interface ParsedConfig {
  readonly config: Config;
  /** Sentences for the operator about settings without effect. */
  readonly warnings: readonly string[];
  readonly content: Sections;
  /** The keys that the environment sets, such as `gateway.port`. */
  readonly fromEnvironment: readonly string[];
}

const REDIS_UNUSED = "redis.url (REDIS_URL) has no effect yet: nothing is shared with other gateways over Redis.";

/** Adds the environment, which takes precedence, to the content of the file. Throws `StartError` if it is unusable. */
export function parseConfig(content: Sections, { file, env }: ConfigPlace): ParsedConfig {
  const settings = readSettings();
  const referred = new Set<string>();
  const fromFile = resolveSections(content, { file, env }, (variable) => referred.add(variable));
  const fromEnvironment = readEnvironment(settings.all, env);

  const parsed = Config.safeParse(merge(fromFile, fromEnvironment));
  if (!parsed.success) {
    const shapes = new Map(settings.all.map(({ path, shape }) => [path.join("."), shape]));
    throw unusable(describeIssue(parsed.error, { file, fromEnvironment, shapes }));
  }

  return {
    config: parsed.data,
    warnings: [
      ...findUnknownKeys(fromFile, settings),
      ...findUnknownVariables(env, settings.all, [...referred]),
      ...(parsed.data.redis.url ? [REDIS_UNUSED] : []),
    ],
    content,
    fromEnvironment: fromEnvironment.map(nameOf),
  };
}

/** Returns the keys that the environment sets, such as `gateway.port`. */
export const keysOfEnvironment = (env: Environment): readonly string[] =>
  readEnvironment(readSettings().all, env).map(nameOf);

/** Returns the keys that the file sets, also those that the environment sets as well. */
export const keysOfFile = ({ config, content }: ParsedConfig): readonly string[] =>
  Object.entries(config).flatMap(([section, values]) =>
    Object.keys(values)
      .filter((key) => ownValue(recordOf(content[section]), key) !== undefined)
      .map((key) => `${section}.${key}`),
  );

const nameOf = ({ setting }: EnvironmentValue): string => setting.path.join(".");

function merge(file: Sections, environment: readonly EnvironmentValue[]): Sections {
  const merged: Record<string, unknown> = { ...file };
  for (const { setting, value } of environment) {
    const [section, key] = setting.path;
    const content = merged[section] ?? {};
    // A section of the wrong type stays unchanged, so that the schema refuses it by its own name.
    if (isRecord(content)) merged[section] = { ...content, [key]: value };
  }
  return merged;
}

interface Sources {
  readonly file: string;
  readonly fromEnvironment: readonly EnvironmentValue[];
  readonly shapes: ReadonlyMap<string, Shape>;
}

/** Describes the first issue in one sentence. Never shows the value, because it may be a secret. */
function describeIssue(error: z.ZodError, { file, fromEnvironment, shapes }: Sources): string {
  const [issue] = error.issues;
  const path = issue?.path ?? [];
  const name = path.slice(0, 2).join(".");
  const variable = fromEnvironment.find(({ setting }) => setting.path.join(".") === name)?.variable;
  const where = variable === undefined ? describePlace(path, file) : `The environment variable ${variable}`;
  return `${where} ${describeExpectation(issue, shapes.get(name), path.length)}.`;
}

function describeExpectation(issue: z.core.$ZodIssue | undefined, shape: Shape | undefined, depth: number): string {
  if (issue?.code === "custom") return issue.message;
  if (issue?.code === "unrecognized_keys") return `has the unknown key ${issue.keys.join(", ")}`;
  if (shape === undefined) return "must be an object";
  if (depth > 2) return `is not usable: ${issue?.message ?? ""}`;
  switch (shape.kind) {
    case "text":
      return "must be text and not empty";
    case "choice":
      return `must be one of ${shape.choices.join(", ")}`;
    case "integer":
      return describeRange(shape.minimum, shape.maximum);
    case "boolean":
      return "must be true or false";
    case "list":
      return "must be a list of texts";
    case "map":
      return "must be an object";
  }
}

const describeRange = (minimum: number, maximum: number) =>
  maximum === Number.MAX_SAFE_INTEGER
    ? `must be a whole number of at least ${minimum}`
    : `must be a whole number from ${minimum} to ${maximum}`;
