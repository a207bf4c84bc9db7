import { createHash } from "node:crypto";
import { z } from "zod";
import { notFound } from "#base/errors.ts";
import type { JsonObject } from "#base/json.ts";
import { DOCS_ASSETS } from "#contract/docs-page/docs-assets.ts";
import { DOCS_CONTENT_SECURITY_POLICY, toDocsPage } from "#contract/docs-page/to-docs-page.ts";
import type { AccessRule } from "#core/access/access.ts";
import { type AnyOperation, defineOperation } from "#core/operation.ts";
import { BytesReply } from "#core/reply.ts";

export interface DocsOptions {
  /** Returns the OpenAPI document. Called once, at the first request for it. */
  readonly document: () => JsonObject;
  /** Whether the docs need no token. Otherwise they require one with the read scope. */
  readonly isPublic: boolean;
}

const AUTHENTICATED: AccessRule = { role: "viewer", scope: "read", tenant: "scoped", rate: "none" };

/** Returns the operations that serve the OpenAPI document and the page that shows it. */
export function createDocsOperations({ document, isPublic }: DocsOptions): readonly AnyOperation[] {
  const access = isPublic ? "public" : AUTHENTICATED;
  const readDocument = once(() => {
    const text = JSON.stringify(document());
    return { text, tag: `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"` };
  });

  // The page has one operation per path, because its relative links depend on the trailing slash.
  const page = (name: `docs.${string}`, path: `/${string}`, assets: string) =>
    defineOperation({
      name,
      http: { method: "GET", path },
      access,
      summary: "Browse this API",
      description: "A page that shows this document and makes calls. It loads nothing from elsewhere.",
      input: z.object({}),
      output: z.string(),
      answers: { bytes: { mediaType: "text/html" } },
      run: async () =>
        new BytesReply(toDocsPage(assets), "text/html; charset=utf-8", {
          "Content-Security-Policy": DOCS_CONTENT_SECURITY_POLICY,
          "Cache-Control": "no-cache",
          "Referrer-Policy": "no-referrer",
        }),
    });

  return [
    defineOperation({
      name: "docs.openapi",
      http: { method: "GET", path: "/docs/openapi.json", aliases: [{ method: "GET", path: "/v1/openapi.json" }] },
      access,
      summary: "Read this document",
      description: "OpenAPI 3.1, made from the operations that the gateway serves.",
      input: z.object({}),
      output: z.looseObject({ openapi: z.string() }),
      answers: { bytes: { mediaType: "application/json" } },
      run: async () => {
        const { text, tag } = readDocument();
        return new BytesReply(text, "application/json; charset=utf-8", {
          "Access-Control-Allow-Origin": "*",
          "Cache-Control": "no-cache",
          ETag: tag,
        });
      },
    }),
    page("docs.page", "/docs", "docs/assets/"),
    page("docs.folder", "/docs/", "assets/"),
    defineOperation({
      name: "docs.asset",
      http: { method: "GET", path: "/docs/assets/{file}" },
      access,
      summary: "Load a file of the docs page",
      description: "Styles and scripts. The page loads nothing from elsewhere.",
      input: z.object({ file: z.string().describe("The name of the file") }),
      output: z.string(),
      errors: ["NOT_FOUND"],
      answers: { bytes: { mediaType: "text/*" } },
      run: async (_, { file }) => {
        const asset = DOCS_ASSETS.get(file);
        if (!asset) throw notFound("file", file);
        return new BytesReply(Bun.file(asset.path), asset.mediaType, { "Cache-Control": "public, max-age=3600" });
      },
    }),
  ];
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
