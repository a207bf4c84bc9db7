import { readFileSync } from "node:fs";
import { join } from "node:path";
import JSON5 from "json5";
import { OWNER } from "#features/tenants/tenant-fixture.ts";
import { openSocket } from "#testing/sockets/socket-client.ts";
import type { TestDialect } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

/** A secret of tests. Only the file and the environment may hold it. */
export const PLANTED = "planted-3f9c1d7e";
/** Returns the words with which the file refers to a variable. */
export const referTo = (variable: string) => `\${${variable}}`;
/** How the file names the variable that holds the secret. */
export const PLANTED_REFERENCE = referTo("PLANTED_KEY");

/** Starts a gateway whose owner changes its configuration over a socket. */
export async function startConfigGateway(dialect: TestDialect) {
  const env = { PLANTED_KEY: PLANTED, GOCLAW_TELEMETRY_HEADERS: `{ Authorization: "${PLANTED}" }` };
  const gateway = await startTestGateway({ dialect, env });
  const owner = await openSocket(gateway, { user: "system" });
  const path = join(gateway.home, "config.json");
  const read = () => readFileSync(path, "utf8");
  return {
    gateway,
    owner,
    path,
    read,
    /** Returns what the file sets. */
    content: () => JSON5.parse(read()),
    get: () => owner.call("config.get"),
    patch: (sections: object) => owner.call("config.patch", { raw: JSON.stringify(sections) }),
    apply: (raw: string, more: object = {}) => owner.call("config.apply", { raw, ...more }),
    /** Returns the entries of the activity log about the configuration. */
    auditRows: async () => (await gateway.call("GET", "/v1/activity?action=config.updated", undefined, OWNER)).body,
    async stop() {
      await owner.close();
      await gateway.stop();
    },
  };
}
