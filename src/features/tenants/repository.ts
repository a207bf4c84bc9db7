import type { Kysely } from "kysely";
import { notFound } from "#base/errors.ts";
import { isUuid, type TenantId, toTenantId } from "#base/ids.ts";
import { isSlug } from "#base/slug.ts";
import type { Context } from "#core/context.ts";
import { systemDatabase } from "#core/system-database.ts";
import type { Tables, TenantsTable } from "#db/tables.ts";
import { fromJson } from "#db/values.ts";
import type { MyTenant, Tenant, TenantUser } from "#features/tenants/schema.ts";

export const toTenant = (row: TenantsTable): Tenant => ({ ...row, settings: fromJson(row.settings) });

/** By id or slug; text that can be neither names no tenant. */
export async function findTenantRow(queries: Kysely<Tables>, reference: string): Promise<TenantsTable | undefined> {
  const query = queries.selectFrom("tenants").selectAll();
  if (isUuid(reference)) return query.where("id", "=", toTenantId(reference.toLowerCase())).executeTakeFirst();
  return isSlug(reference) ? query.where("slug", "=", reference).executeTakeFirst() : undefined;
}

export async function getTenantRow(queries: Kysely<Tables>, reference: string): Promise<TenantsTable> {
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

/** Every tenant, with the role that the user has in it where it is a member. */
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
