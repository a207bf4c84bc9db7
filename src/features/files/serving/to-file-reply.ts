import type { FileContent } from "#base/file-content.ts";
import { isShownInline } from "#base/media/media-types.ts";
import { FileReply } from "#core/reply.ts";

export interface Served {
  readonly name: string;
  readonly type: string;
  /** True if the client asks for a download. It cannot ask for the contrary. */
  readonly isDownload: boolean;
  readonly cacheControl: string;
}

/** Nothing in a file may run, load or send anything, wherever a browser opens it. */
const POLICY = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'";

/** Converts a file to an answer in which no browser runs anything, whatever its bytes are. */
export function toFileReply(content: FileContent, { name, type, isDownload, cacheControl }: Served): FileReply {
  const isInline = isShownInline(type) && !isDownload;
  return new FileReply(content, type.startsWith("text/") ? `${type}; charset=utf-8` : type, {
    "Content-Disposition": isInline ? "inline" : `attachment; ${toFileNameParameters(name)}`,
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    // The address may hold a token.
    "Referrer-Policy": "no-referrer",
    "Cache-Control": cacheControl,
  });
}

/** Returns the name for clients that read ASCII alone, and the whole name where it has other characters (RFC 6266). */
function toFileNameParameters(name: string): string {
  const plain = name.replaceAll(/[^\w .()-]/g, "_");
  if (plain === name) return `filename="${plain}"`;
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}"; filename*=UTF-8''${encoded}`;
}
