import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { TestGateway } from "#testing/test-gateway.ts";

/** Writes files into the master tenant's workspace, as an agent would. Returns the directory of the workspace. */
export function writeWorkspace({ home }: TestGateway, files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = join(home, "workspace", MASTER_TENANT_ID);
  for (const [path, content] of Object.entries(files)) {
    const place = join(root, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
  }
  return root;
}
