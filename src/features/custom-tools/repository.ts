import { notFound } from "#base/errors.ts";
import { isUuid } from "#base/ids.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import type { CustomToolsTable } from "#db/tables.ts";
import type { Select, TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromBit } from "#db/values.ts";
import { findAgent } from "#features/agents/index.ts";
import type { CustomTool, ListCustomToolsInput } from "#features/custom-tools/schema.ts";
import { toCustomTool } from "#features/custom-tools/stored-custom-tool.ts";

export const readCustomToolRows = (queries: TenantReads): Promise<CustomToolsTable[]> =>
  queries.selectFrom("custom_tools").selectAll().orderBy("name").orderBy("id").execute();

export const getCustomToolRow = (queries: TenantReads, id: string): Promise<CustomToolsTable> =>
  getRow(queries.selectFrom("custom_tools"), id);

/** Reads a tool and locks its row until the transaction ends. Throws `NOT_FOUND`. */
export const lockCustomToolRow = (queries: TenantQueries, id: string): Promise<CustomToolsTable> =>
  getRow(queries.selectForUpdate("custom_tools"), id);

async function getRow(rows: Select<"custom_tools">, id: string): Promise<CustomToolsTable> {
  const row = isUuid(id) ? await rows.selectAll().where("id", "=", id.toLowerCase()).executeTakeFirst() : undefined;
  if (!row) throw notFound("tool", id);
  return row;
}

/** Lists the tools of the caller's tenant by name. An unknown agent has none. */
export async function listCustomTools(ctx: Context, input: ListCustomToolsInput) {
  const { limit, offset } = input;
  const reference = input.agent_id ?? ctx.options.agent;
  const agent = reference === undefined ? undefined : await findAgent(ctx.db.read, reference);
  const isWanted = toFilter(input, hasRole(ctx, "admin"));
  // A tenant has at most `LIMITS.customToolsPerTenant` rows, and databases differ in what they call equal letters.
  const matching = (await readCustomToolRows(ctx.db.read))
    .filter(({ agent_id }) => reference === undefined || (agent !== undefined && agent_id === agent.id))
    .filter(({ enabled }) => isWanted.state(fromBit(enabled)))
    .map(toCustomTool)
    .filter(isWanted.text);
  return { tools: matching.slice(offset, offset + limit), total: matching.length, limit, offset };
}

function toFilter({ enabled, search = "" }: ListCustomToolsInput, isAdmin: boolean) {
  const wanted = fold(search);
  return {
    state: (isEnabled: boolean) => (isEnabled ? enabled !== "false" : isAdmin && enabled !== "true"),
    text: ({ name, description }: CustomTool) => [name, description].some((text) => fold(text).includes(wanted)),
  };
}

const fold = (text: string) => text.normalize("NFC").toLowerCase();
