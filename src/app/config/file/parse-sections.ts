import { readFileSync } from "node:fs";
import JSON5 from "json5";
import type { Environment } from "#app/config/read-environment.ts";
import { resolveReferences } from "#app/config/resolve-references.ts";
import { EXIT_CONFIGURATION, StartError } from "#app/start-error.ts";
import { isRecord } from "#base/json.ts";

/** The content of `config.json` as it is written: with references such as `${NAME}` instead of their values. */
export type Sections = Readonly<Record<string, unknown>>;

export interface ConfigPlace {
  /** The path of the file, for error messages. */
  readonly file: string;
  readonly env: Environment;
}

/** Reads and parses the file. Absent, it is an empty object. Throws `StartError` if it is unusable. */
export function readSections(file: string): Sections {
  const text = readConfigFile(file);
  return text === undefined ? {} : parseSections(text, file);
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

/** Parses the text of the file. Throws `StartError` if it is not one object in JSON5. */
export function parseSections(text: string, file: string): Sections {
  const content = parseJson5(file, text.replace(/^\uFEFF/, ""));
  if (!isRecord(content)) throw unusable(`${file} must hold one object: begin it with { and end it with }.`);
  return content;
}

/** Returns the error for a configuration that the gateway cannot start with. */
export const unusable = (message: string, cause?: unknown) =>
  new StartError(message, { exitCode: EXIT_CONFIGURATION, cause });

/** Puts variables of the environment in place of what names them. Throws `StartError` if one is not set. */
export function resolveSections(
  content: Sections,
  { file, env }: ConfigPlace,
  onReference: (variable: string) => void = () => {},
): Sections {
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

/** Returns the name of a key and where it stands. */
export function describePlace(path: readonly PropertyKey[], file: string): string {
  const rest = path.slice(2).map((part) => `[${JSON.stringify(part)}]`);
  return `${path.slice(0, 2).join(".")}${rest.join("")} in ${file}`;
}
