import { invalidField } from "#base/errors.ts";
import { fileLinks } from "#core/access/file-links.ts";
import type { Context } from "#core/context.ts";
import { findFile } from "#features/files/verbs/find-file.ts";

const ROUTE = "/v1/files/";

/** Signs a link to a file that the caller reaches. */
export async function signFile(ctx: Context, { path }: { readonly path: string }): Promise<{ readonly url: string }> {
  const { content, path: found } = await findFile(ctx, toWorkspacePath(path));
  await content.close();
  return { url: ctx.use(fileLinks).sign(ctx.tenantId, toUrlPath(found)) };
}

/** Returns the path of the URL of a file. */
const toUrlPath = (path: string): string => ROUTE + path.split("/").map(encodeURIComponent).join("/");

function toWorkspacePath(path: string): string {
  if (!path.startsWith(ROUTE)) return path.replace(/^\/+/, "");
  try {
    return decodeURIComponent(path.slice(ROUTE.length).replace(/\?.*$/, ""));
  } catch {
    throw invalidField("path", "its percent-encoding is broken");
  }
}
