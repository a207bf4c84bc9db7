import { isRecord, recordOf } from "#base/json.ts";

/** The programs that a skill names. */
export interface Requirements {
  /** Without them the skill does not work, as `requires` says. */
  readonly needed: readonly string[];
  /** Named in the prose of `compatibility`. */
  readonly mentioned: readonly string[];
}

const MAX_PROGRAMS = 50;
const PROGRAM = /^[A-Za-z0-9][\w.+-]{0,63}$/;

/** Programs that the prose of `compatibility` may name. Other words are no programs. */
const KNOWN_PROGRAMS = new Set([
  ...["bun", "curl", "deno", "docker", "ffmpeg", "gh", "git", "jq", "kubectl", "magick", "node", "npm"],
  ...["pandoc", "pdftotext", "perl", "php", "psql", "python3", "rg", "ruby", "soffice", "sqlite3", "terraform"],
  ...["tesseract", "uv"],
]);

/** Programs that people call by another name than their command. */
const COMMANDS: ReadonlyMap<string, string> = new Map([
  ["imagemagick", "magick"],
  ["libreoffice", "soffice"],
  ["node.js", "node"],
  ["nodejs", "node"],
  ["python", "python3"],
  ["ripgrep", "rg"],
]);

/**
 * Finds the programs that a skill needs, in `requires` or in `requires.bins`. Both may stand in the metadata too, also in
 * the part of it that another program uses.
 */
export function findRequirements(fields: Readonly<Record<string, unknown>>): Requirements {
  const metadata = recordOf(fields.metadata);
  const parts = [metadata, ...Object.values(metadata).map(recordOf)];
  const needed = [fields.requires, ...parts.map(({ requires }) => requires)].flatMap(toPrograms);
  const prose = typeof fields.compatibility === "string" ? fields.compatibility : "";
  const words = prose.toLowerCase().match(/[a-z][a-z0-9.+-]*[a-z0-9]/g) ?? [];
  const mentioned = words.map((word) => COMMANDS.get(word) ?? word).filter((word) => KNOWN_PROGRAMS.has(word));
  return { needed: unique(needed), mentioned: unique(mentioned).filter((name) => !needed.includes(name)) };
}

function toPrograms(value: unknown): readonly string[] {
  const list = isRecord(value) ? value.bins : value;
  const items = typeof list === "string" ? list.split(/[\s,]+/) : Array.isArray(list) ? list : [];
  return items.filter((item) => typeof item === "string" && PROGRAM.test(item));
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)].slice(0, MAX_PROGRAMS);
