import { randomBytes } from "node:crypto";
import { SECOND } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { Connection, HeaderFields } from "#transport/http/http-dependencies.ts";
import { CSP_NONCE, type PageFile, type PageFiles } from "#transport/http/pages/page-files.ts";

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};

/** A year, in seconds, which is the longest that caches respect. */
const IMMUTABLE = "public, max-age=31536000, immutable";

/** What a request for the web application gets. */
export type Page =
  | { readonly kind: "document"; readonly html: string }
  | {
      readonly kind: "asset";
      readonly path: string;
      readonly mediaType: string;
      readonly encoding: string | undefined;
    };

/** Finds what a request asks for. Returns undefined if it is for something else, such as the call of a program. */
export function findPage({ method, headers, url }: Request, { document, assets }: PageFiles): Page | undefined {
  if (method !== "GET" && method !== "HEAD") return undefined;
  const { pathname } = new URL(url);
  const asset = assets.get(pathname);
  if (!asset) return isPage(pathname, headers) ? { kind: "document", html: document } : undefined;
  const mediaType = MEDIA_TYPES[pathname.slice(pathname.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  return { kind: "asset", mediaType, ...chooseForm(asset, headers.get("accept-encoding") ?? "") };
}

/** Sends a page. `common` are the headers of every response. */
export function answerPage(page: Page, common: HeaderFields, connection: Connection): Response {
  connection.limitSilence(LIMITS.readerStall / SECOND);
  if (page.kind === "document") return answerDocument(page.html, common);
  return new Response(Bun.file(page.path), {
    headers: {
      ...common,
      "Content-Type": page.mediaType,
      "Cache-Control": IMMUTABLE,
      Vary: "Accept-Encoding",
      ...(page.encoding && { "Content-Encoding": page.encoding }),
    },
  });
}

/** The application itself knows which of its pages exist. A browser asks for a page by its `Accept` header. */
const isPage = (pathname: string, headers: Headers): boolean =>
  !/^\/(?:v1|assets|docs|ws)(?:\/|$)/.test(pathname) && (headers.get("accept") ?? "").includes("text/html");

function answerDocument(document: string, common: HeaderFields): Response {
  const nonce = randomBytes(16).toString("base64url");
  return new Response(document.replaceAll(CSP_NONCE, nonce), {
    headers: {
      ...common,
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-cache",
      Vary: "Accept",
      "Content-Security-Policy": toPolicy(nonce),
      "Cross-Origin-Opener-Policy": "same-origin",
      "Referrer-Policy": "no-referrer",
    },
  });
}

/** A page loads its own files and calls this gateway, and nothing else. */
const toPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

function chooseForm(
  { identity, gzip, br }: PageFile,
  accepted: string,
): Pick<Page & { kind: "asset" }, "path" | "encoding"> {
  const accepts = (encoding: string) => new RegExp(`\\b${encoding}\\b(?!\\s*;\\s*q=0(?:\\.0*)?(?:,|$))`).test(accepted);
  if (br && accepts("br")) return { path: br, encoding: "br" };
  if (gzip && accepts("gzip")) return { path: gzip, encoding: "gzip" };
  return { path: identity, encoding: undefined };
}
