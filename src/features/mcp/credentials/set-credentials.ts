import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { secretBox } from "#core/platform.ts";
import { userCredentialRow } from "#features/mcp/credentials/repository.ts";
import type { SetCredentialsInput } from "#features/mcp/credentials/schema.ts";
import { credentialsChanged } from "#features/mcp/events.ts";
import { NO_CREDENTIALS, sealCredentials } from "#features/mcp/seal-credentials.ts";
import { lockServerRow } from "#features/mcp/servers/repository.ts";

/** Stores the caller's own credentials for a server. They are used instead of the server's in the caller's runs. */
export async function setCredentials(ctx: Context, input: SetCredentialsInput): Promise<void> {
  await mutate(ctx, credentialsChanged, async (queries) => {
    const server = await lockServerRow(queries, input.id);
    const now = toTimestamp(ctx.clock.now());
    const key = { server_id: server.id, user_id: ctx.userId };
    const initial = { ...key, ...NO_CREDENTIALS, updated_at: now };
    const stored = await queries.insertOrLock("mcp_user_credentials", initial, ["server_id", "user_id"]);
    const { columns } = sealCredentials(input, stored, userCredentialRow(stored), ctx.use(secretBox));
    await queries
      .updateTable("mcp_user_credentials")
      .set({ ...columns, updated_at: now })
      .where("server_id", "=", server.id)
      .where("user_id", "=", ctx.userId)
      .execute();
    const details = { name: server.name, user_id: ctx.userId };
    return { entityId: server.id, userId: ctx.userId, value: undefined, details };
  });
}
