import type { SelectQueryBuilder } from "kysely";
import { notFound } from "#base/errors.ts";
import { isUuid, type TenantId, toTenantId } from "#base/ids.ts";
import { isSlug } from "#base/slug.ts";
import type { Context } from "#core/context.ts";
import { systemDatabase } from "#core/system-database.ts";
import type { SystemDatabase, SystemReads } from "#db/database.ts";
import type { Tables, TenantsTable } from "#db/tables.ts";
import { fromJson } from "#db/values.ts";
import type { MyTenant, Tenant, TenantUser } from "#features/tenants/schema.ts";

export const toTenant = (row: TenantsTable): Tenant => ({ ...row, settings: fromJson(row.settings) });

type TenantRows = SelectQueryBuilder<Tables, "tenants", TenantsTable>;

const rowsOf = (queries: SystemReads): TenantRows => queries.selectFrom("tenants").selectAll();

/** Finds a tenant by id or slug. */
export const findTenantRow = (queries: SystemReads, reference: string): Promise<TenantsTable | undefined> =>
  findIn(rowsOf(queries), reference);

async function findIn(rows: TenantRows, reference: string): Promise<TenantsTable | undefined> {
  if (isUuid(reference)) return rows.where("id", "=", toTenantId(reference.toLowerCase())).executeTakeFirst();
  return isSlug(reference) ? rows.where("slug", "=", reference).executeTakeFirst() : undefined;
}

/** Reads a tenant by id or slug and locks its row until the transaction ends. Throws `NOT_FOUND`. */
export async function lockTenantRow(
  { dialect }: Pick<SystemDatabase, "dialect">,
  queries: SystemReads,
  reference: string,
): Promise<TenantsTable> {
  const rows = rowsOf(queries);
  const row = await findIn(dialect === "postgres" ? rows.forUpdate() : rows, reference);
  if (!row) throw notFound("tenant", reference);
  return row;
}

async function getTenantRow(queries: SystemReads, reference: string): Promise<TenantsTable> {
  const row = await findTenantRow(queries, reference);
  if (!row) throw notFound("tenant", reference);
  return row;
}

export async function getTenant(ctx: Context, reference: string): Promise<Tenant> {
  return toTenant(await getTenantRow(ctx.use(systemDatabase).read, reference));
}

export async function listTenants(ctx: Context): Promise<readonly Tenant[]> {
  const rows = await ctx.use(systemDatabase).read.selectFrom("tenants").selectAll().orderBy("name").execute();
  return rows.map(toTenant);
}

export async function listTenantUsers(ctx: Context, tenantId: TenantId): Promise<TenantUser[]> {
  const rows = await ctx
    .use(systemDatabase)
    .read.selectFrom("tenant_users")
    .select(["user_id", "role", "created_at"])
    .where("tenant_id", "=", tenantId)
    .orderBy("user_id")
    .execute();
  return rows.map((row) => ({ ...row, role: row.role as TenantUser["role"] }));
}

/** Lists every tenant, with the user's role in it if the user is a member. */
export async function listTenantsWithRole(ctx: Context, userId: string): Promise<readonly MyTenant[]> {
  const rows = await ctx
    .use(systemDatabase)
    .read.selectFrom("tenants")
    .leftJoin("tenant_users", (join) =>
      join.onRef("tenant_users.tenant_id", "=", "tenants.id").on("tenant_users.user_id", "=", userId),
    )
    .selectAll("tenants")
    .select("tenant_users.role as role")
    .orderBy("tenants.name")
    .execute();
  return rows.map(({ role, settings: _, ...tenant }) => ({ ...tenant, ...(role !== null && { role }) }));
}
