import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PageFile, PageFiles } from "#transport/http/pages/page-files.ts";

const isExecutable = import.meta.path.startsWith("/$bunfs/");
/** Written by `web/build.ts`. The executable holds it beside this file. */
const LIST = isExecutable
  ? join(import.meta.dirname, "dashboard-files.js")
  : join(import.meta.dirname, "../../../dist/web/dashboard-files.ts");
const DOCUMENT = "/index.html";

/** Loads the list of the dashboard's files. Returns undefined where the dashboard is not built. */
export async function loadDashboard(list = LIST): Promise<PageFiles | undefined> {
  if (!isExecutable && !existsSync(list)) return undefined;
  const { DASHBOARD_FILES: files }: { readonly DASHBOARD_FILES: Readonly<Record<string, PageFile>> } = await import(
    list
  );
  const page = files[DOCUMENT];
  if (!page) return undefined;
  return {
    document: await readFile(page.identity, "utf8"),
    assets: new Map(Object.entries(files).filter(([path]) => path !== DOCUMENT)),
  };
}
