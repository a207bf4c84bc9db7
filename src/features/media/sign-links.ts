import { LIMITS } from "#base/limits.ts";
import { hasRole } from "#core/access/access.ts";
import { fileLinks } from "#core/access/file-links.ts";
import type { Context } from "#core/context.ts";
import { parseWorkspacePath, reaches } from "#features/files/index.ts";

/**
 * A link to a file or an upload. It begins a word, so that no address of another server gets a token. Punctuation after
 * it belongs to the sentence.
 */
const LINK = /(?<![\w./:@%~-])\/v1\/(?:files|media)\/[^\s)"'<>]+/g;
const PUNCTUATION = /[.,;:!?\]*_`]+$/;
const DOUBLED = /^(?:\/v1\/(?:files|media))+(?=\/v1\/(?:files|media)\/)/;

/**
 * Signs the links in the texts of an agent, so that browsers can show what they lead to. Leaves links alone that lead to
 * what the caller may not read. Only what is delivered is signed, never what is stored.
 */
export async function signLinks(ctx: Context, texts: readonly string[]): Promise<readonly string[]> {
  const found = new Set(
    texts.flatMap((text) => [...text.matchAll(LINK)].map(([link]) => link.replace(PUNCTUATION, ""))),
  );
  if (found.size === 0) return texts;
  const links = [...found].slice(0, LIMITS.signedLinks).map(toLink);
  const readable = await findReadable(ctx, links);
  const signer = ctx.use(fileLinks);
  const signed = new Map<string, string>();
  for (const { written, path, query } of links) {
    if (readable.has(path)) signed.set(written, signer.sign(ctx.tenantId, path) + (query && `&${query}`));
  }
  return texts.map((text) =>
    text.replaceAll(LINK, (link) => {
      const written = link.replace(PUNCTUATION, "");
      return (signed.get(written) ?? written) + link.slice(written.length);
    }),
  );
}

/** A token of ours, as `signLinks` puts it first into the query of a link. */
const TOKEN = /(?<=\/v1\/(?:files|media)\/[^\s)"'<>?]{1,4096})\?ft=[\w-]{43}\.\d{1,12}\.[\da-f-]{36}(&?)/g;

/** Removes the tokens from a text that a client sends back, so that it is the stored one again. */
export const unsignLinks = (text: string): string =>
  text.includes("?ft=") ? text.replaceAll(TOKEN, (_, and: string) => (and === "" ? "" : "?")) : text;

interface Link {
  readonly written: string;
  /** Without a repeated beginning. */
  readonly path: string;
  /** Without an older token. */
  readonly query: string;
}

function toLink(written: string): Link {
  const [path = "", query = ""] = written.replace(DOUBLED, "").split("?", 2);
  const kept = query.split("&").filter((part) => part !== "" && !part.startsWith("ft="));
  return { written, path, query: kept.join("&") };
}

/** Returns the paths of what the caller may read. Asks once for each directory and once for all uploads. */
async function findReadable(ctx: Context, links: readonly Link[]): Promise<ReadonlySet<string>> {
  const paths = [...new Set(links.map(({ path }) => path))];
  const byPlace = Map.groupBy(
    paths.filter((path) => path.startsWith(FILES)),
    (path) => JSON.stringify(placeOf(path)),
  );
  const files = await Promise.all(
    [...byPlace].map(async ([place, group]) => ((await reaches(ctx, JSON.parse(place))) ? group : [])),
  );
  const uploads = await findOwnUploads(
    ctx,
    paths.filter((path) => path.startsWith(MEDIA)),
  );
  return new Set([...files.flat(), ...uploads]);
}

const FILES = "/v1/files/";
const MEDIA = "/v1/media/";

/** Returns the first two names of a path, which decide who reaches it. None of a path that leads nowhere. */
function placeOf(path: string): readonly string[] {
  try {
    return parseWorkspacePath(decodeURIComponent(path.slice(FILES.length))).slice(0, 2);
  } catch {
    return [];
  }
}

async function findOwnUploads(ctx: Context, paths: readonly string[]): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const ids = paths.map((path) => path.slice(MEDIA.length));
  const rows = await ctx.db.read.selectFrom("media").select(["id", "user_id"]).where("id", "in", ids).execute();
  return rows.filter((row) => hasRole(ctx, "admin") || row.user_id === ctx.userId).map(({ id }) => MEDIA + id);
}
