import { SECOND } from "#base/clock.ts";
import type { FileContent } from "#base/file-content.ts";

/** What of a file a request asks for. `end` is the first byte that is not sent. */
export type Selection =
  | { readonly kind: "whole" }
  | { readonly kind: "part"; readonly start: number; readonly end: number }
  /** The client has these bytes already. */
  | { readonly kind: "unchanged" }
  | { readonly kind: "unsatisfiable" };

type Facts = Pick<FileContent, "size" | "tag" | "modifiedAt">;

/** Reads the conditions and the range of a request (RFC 9110, 13 and 14). A HEAD request has no range. */
export function selectContent({ headers, method }: Pick<Request, "headers" | "method">, facts: Facts): Selection {
  if (isUnchanged(headers, facts)) return { kind: "unchanged" };
  const range = headers.get("range");
  if (range === null || method === "HEAD" || !isSameAsBefore(headers.get("if-range"), facts)) return { kind: "whole" };
  return selectRange(range, facts.size);
}

function isUnchanged(headers: Headers, { tag, modifiedAt }: Facts): boolean {
  const known = headers.get("if-none-match");
  if (known !== null) {
    const tags = known.split(",").map((text) => text.trim().replace(/^W\//, ""));
    return tags.includes("*") || tags.includes(`"${tag}"`);
  }
  const since = Date.parse(headers.get("if-modified-since") ?? "");
  return !Number.isNaN(since) && toSeconds(modifiedAt.getTime()) <= toSeconds(since);
}

/** A weak tag never allows a part, because the bytes may differ. */
function isSameAsBefore(condition: string | null, { tag, modifiedAt }: Facts): boolean {
  if (condition === null) return true;
  if (condition.includes('"')) return condition.trim() === `"${tag}"`;
  return toSeconds(Date.parse(condition)) === toSeconds(modifiedAt.getTime());
}

const toSeconds = (milliseconds: number) => Math.floor(milliseconds / SECOND);

/** One range. A request with several, or with another unit, gets the whole file, so that no request multiplies it. */
const RANGE = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i;

function selectRange(range: string, size: number): Selection {
  const [, first, last] = RANGE.exec(range) ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return { kind: "whole" };
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? { kind: "unsatisfiable" } : { kind: "part", start: size - length, end: size };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return { kind: "whole" };
  if (start >= size) return { kind: "unsatisfiable" };
  return { kind: "part", start, end: last === "" ? size : Math.min(Number(last) + 1, size) };
}
