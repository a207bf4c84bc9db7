import { closeSync, openAsBlob, openSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { DAY, HOUR, MINUTE, SECOND } from "#base/clock.ts";
import { isJsonText } from "#base/json.ts";
import { UsageError } from "#cli/command-errors.ts";

/**
 * Reads `name=value`. The value is JSON if it can be, else text. `@path` stands for the text of a file, and `@-` for
 * the standard input.
 */
export function readAssignment(text: string): readonly [name: string, value: unknown] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`--set ${text}: write it as name=value.`);
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  if (value.startsWith("@")) return [name, readTextFile(value.slice(1)).trimEnd()];
  return [name, isJsonText(value) ? JSON.parse(value) : value];
}

/** Reads a text from a file, or from the standard input if the path is `-`. */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Opens a file for an upload. It is read while it is sent. */
export async function openFile(path: string): Promise<File> {
  try {
    if (!statSync(path).isFile()) throw new UsageError(`${path} is no file.`);
    // A file that cannot be read would otherwise show only while it is sent.
    closeSync(openSync(path, "r"));
    return new File([await openAsBlob(path)], basename(path));
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(path, error);
  }
}

const unreadable = (path: string, cause: unknown): UsageError => {
  const { code = "unknown" } = cause as NodeJS.ErrnoException;
  const reason = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
  return new UsageError(`${path}: ${reason}.`, { cause });
};

/** Reads a list that is separated by commas. */
export const readList = (text: string): readonly string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** Reads a time span such as `30d`, `12h` or `90m`. Returns seconds. */
export function readSpan(text: string): number {
  const [, count = "", unit = "s"] = /^(\d+)([smhd])?$/.exec(text) ?? [];
  const length = UNITS[unit];
  if (count === "" || length === undefined) throw new UsageError(`${text}: write a time span as 30d, 12h or 90m.`);
  return (Number(count) * length) / SECOND;
}

/** Reads a number of things. */
export function readCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${text}: write a number.`);
  return Number(text);
}

/** Reads `on` or `off`. */
export function readSwitch(text: string): boolean {
  if (!["on", "off"].includes(text)) throw new UsageError(`${text}: write on or off.`);
  return text === "on";
}
