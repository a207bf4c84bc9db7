import JSON5 from "json5";
import type { z } from "zod";
import { findUnknownKeys, findUnknownVariables } from "#app/config/find-unknown-names.ts";
import { type Environment, type EnvironmentValue, readEnvironment } from "#app/config/read-environment.ts";
import { resolveReferences } from "#app/config/resolve-references.ts";
import { Config } from "#app/config/schema.ts";
import { readSettings, type Shape } from "#app/config/settings.ts";
import { EXIT_CONFIGURATION, StartError } from "#app/start-error.ts";
import { isRecord } from "#base/json.ts";

/** The content of `config.json` as it is written: with references such as `${NAME}` instead of their values. */
export type Sections = Readonly<Record<string, unknown>>;

export interface ParsedConfig {
  readonly config: Config;
  /** Sentences for the operator about settings without effect. */
  readonly warnings: readonly string[];
  readonly content: Sections;
  /** The keys that the environment sets, such as `gateway.port`. */
  readonly fromEnvironment: readonly string[];
}

export interface ConfigPlace {
  /** The path of the file, for error messages. */
  readonly file: string;
  readonly env: Environment;
}

const REDIS_UNUSED = "redis.url (REDIS_URL) has no effect yet: nothing is shared with other gateways over Redis.";

/** Adds the environment, which takes precedence, to the content of the file. Throws `StartError` if it is unusable. */
export function parseConfig(content: Sections, { file, env }: ConfigPlace): ParsedConfig {
  const settings = readSettings();
  const referred = new Set<string>();
  const fromFile = resolve(content, { file, env }, (variable) => referred.add(variable));
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

const nameOf = ({ setting }: EnvironmentValue): string => setting.path.join(".");

/** Parses the text of the file. Throws `StartError` if it is not one object in JSON5. */
export function parseSections(text: string, file: string): Sections {
  const content = parseJson5(file, text.replace(/^\uFEFF/, ""));
  if (!isRecord(content)) throw unusable(`${file} must hold one object: begin it with { and end it with }.`);
  return content;
}

/** Returns the error for a configuration that the gateway cannot start with. */
export const unusable = (message: string, cause?: unknown) =>
  new StartError(message, { exitCode: EXIT_CONFIGURATION, cause });

function resolve(content: Sections, { file, env }: ConfigPlace, onReference: (variable: string) => void): Sections {
  const onMissing = (variable: string, path: readonly PropertyKey[]): never => {
    throw unusable(`${describePlace(path, file)} names the environment variable ${variable}, which is not set.`);
  };
  // Safe: an object stays an object.
  return resolveReferences(content, { env, onReference, onMissing }) as Sections;
}

function parseJson5(file: string, text: string): unknown {
  try {
    return JSON5.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^JSON5: /, "") : String(error);
    throw unusable(`${file} is not valid JSON5: ${reason}; correct it there.`, error);
  }
}

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

function describePlace(path: readonly PropertyKey[], file: string): string {
  const rest = path.slice(2).map((part) => `[${JSON.stringify(part)}]`);
  return `${path.slice(0, 2).join(".")}${rest.join("")} in ${file}`;
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
