import { isAlias, isPair, isScalar, type Node, parseDocument, visit } from "yaml";
import { isRecord } from "#base/json.ts";
import { ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";

export interface FrontMatter {
  readonly fields: Readonly<Record<string, unknown>>;
  /** True if it is no YAML, but lines such as `description: Use when: always` that other programs accept. */
  readonly isLoose: boolean;
}

const MAX_DEPTH = 8;

/**
 * Parses front matter as YAML without anchors, aliases, tags and merge keys, which skills do not need. Lines of keys and
 * values that are no YAML, because of a colon in a value, are read as they are meant. Throws `ArchiveRefusal`.
 */
export function parseFrontMatter(text: string): FrontMatter {
  const document = parseDocument(text, { schema: "core", merge: false, prettyErrors: false, logLevel: "silent" });
  requireSimple(document.contents);
  const [error] = document.errors;
  if (error === undefined) {
    const fields: unknown = document.toJS({ maxAliasCount: 0 }) ?? {};
    if (!isRecord(fields)) throw new ArchiveRefusal("front_matter", "it has no keys");
    return { fields: withUsualKeys(fields), isLoose: false };
  }
  const fields = error.code === "DUPLICATE_KEY" ? undefined : parseLines(text);
  if (fields) return { fields: withUsualKeys(fields), isLoose: true };
  const line = text.slice(0, error.pos[0]).split("\n").length;
  throw new ArchiveRefusal("front_matter", `line ${line}: ${error.code}`);
}

/** Some authors write `Name` or `allowed_tools`. */
const withUsualKeys = (fields: Readonly<Record<string, unknown>>): FrontMatter["fields"] =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key.toLowerCase().replaceAll("_", "-"), value]));

function requireSimple(contents: Node | null): void {
  if (contents === null) return;
  visit(contents, (key, node, path) => {
    if (path.length > MAX_DEPTH * 2) throw new ArchiveRefusal("front_matter", "it nests too deep");
    const isMerge = isPair(node) && isScalar(node.key) && node.key.value === "<<";
    if (isMerge) throw new ArchiveRefusal("front_matter", "merge keys are not allowed");
    if (isAlias(node)) throw new ArchiveRefusal("front_matter", "aliases are not allowed: put the text in quotes");
    const { anchor, tag } = (node ?? {}) as { readonly anchor?: unknown; readonly tag?: unknown };
    if (anchor) throw new ArchiveRefusal("front_matter", "anchors are not allowed: put the text in quotes");
    if (tag && key !== null) throw new ArchiveRefusal("front_matter", "tags are not allowed: put the text in quotes");
  });
}

/** Reads `key: value` lines and their indented continuations. Returns undefined if a line is anything else. */
function parseLines(text: string): Readonly<Record<string, unknown>> | undefined {
  const fields = new Map<string, string>();
  let last: string | undefined;
  for (const line of text.split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, key, value = ""] = /^([A-Za-z][\w-]*):(?:[ \t]+(.*))?$/.exec(line) ?? [];
    if (key !== undefined) {
      if (fields.has(key)) return undefined;
      fields.set(key, value.trim());
      last = key;
    } else if (last !== undefined && /^[ \t]/.test(line)) {
      fields.set(last, `${fields.get(last)} ${line.trim()}`.trim());
    } else return undefined;
  }
  return fields.size > 0 ? Object.fromEntries([...fields].map(([key, value]) => [key, unquote(value)])) : undefined;
}

function unquote(value: string): string {
  const text = value.replace(/^[>|][+-]?[ \t]+/, "");
  return /^(["']).*\1$/s.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}
