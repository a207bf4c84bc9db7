import { Secret } from "#base/secret.ts";
import { openPostgres } from "#db/dialects/postgres/open-postgres.ts";
import type { ServerSite } from "#testing/server-process.ts";

/** Ends the leases of all instances, as if their processes had been silent for too long. */
export async function expireChannelLeases({ databaseUrl = "" }: Pick<ServerSite, "databaseUrl">): Promise<void> {
  const database = openPostgres({ url: new Secret(databaseUrl), size: 1, onIdleError: () => {} });
  const system = database.system("a test of leases");
  await system.write((queries) => queries.updateTable("channel_states").set({ lease_until: "" }).execute());
  await database.close();
}
