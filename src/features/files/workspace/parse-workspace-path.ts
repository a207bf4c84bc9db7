import { invalidField, notFound } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import { isDeniedName } from "#runtime/tools/index.ts";

/** The refusal of a path that leads to no file that the caller may see. It hides whether such a file exists. */
export const fileNotFound = (path: string) => notFound("file", headOf(path, 200));

/**
 * Splits a path of a tenant's workspace into its names. The workspace itself has none. Throws 400 for a path that climbs,
 * and 404 for one that no file has.
 */
export function parseWorkspacePath(path: string, field = "path"): readonly string[] {
  const names = path.split("/");
  if (names.some((name) => name === ".." || /[\0\\]/.test(name))) {
    throw invalidField(field, "a relative path without .. and \\ is expected");
  }
  const kept = names.filter((name, index) => name !== "." && (name !== "" || index === 0));
  if (kept[0] === "") kept.shift();
  if (path.startsWith("/") || kept.some((name) => isDeniedName(name.normalize("NFC")))) throw fileNotFound(path);
  return kept;
}

const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Returns the last part of a name that a client gave a file, in NFC. Throws 400 for one that no file may have. */
export function parseFileName(name: string, field: string): string {
  const base = (name.split(/[/\\]/).at(-1) ?? "").normalize("NFC").trim();
  const isBad = base === "" || base === "." || base === ".." || INVISIBLE.test(base) || isDeniedName(base);
  if (isBad || Buffer.byteLength(base) > LIMITS.fileNameBytes) {
    throw invalidField(field, `a file name of at most ${LIMITS.fileNameBytes} bytes is expected`);
  }
  return base;
}
