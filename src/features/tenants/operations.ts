import { z } from "zod";
import { toTenantId } from "#base/ids.ts";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { DELETED, Deleted, listOf } from "#core/wire.ts";
import { createTenant } from "#features/tenants/create-tenant.ts";
import { deleteTenant } from "#features/tenants/delete-tenant.ts";
import {
  tenantCreated,
  tenantDeleted,
  tenantUpdated,
  tenantUserRemoved,
  tenantUserSet,
} from "#features/tenants/events.ts";
import { listMyTenants } from "#features/tenants/list-my-tenants.ts";
import { removeTenantUser } from "#features/tenants/remove-tenant-user.ts";
import { getTenant, listTenants, listTenantUsers } from "#features/tenants/repository.ts";
import {
  CreateTenantInput,
  MyTenant,
  SetTenantUserInput,
  Tenant,
  TenantPath,
  TenantUser,
  TenantUserPath,
  UpdateTenantInput,
} from "#features/tenants/schema.ts";
import { setTenantUser } from "#features/tenants/set-tenant-user.ts";
import { updateTenant } from "#features/tenants/update-tenant.ts";

export const tenantOperations = [
  // Must come before `/v1/tenants/{id}`, which would read "mine" as a slug.
  defineOperation({
    name: "tenants.mine",
    http: { method: "GET", path: "/v1/tenants/mine" },
    access: ACCESS.read,
    summary: "List the tenants the caller may act in",
    description:
      "Owners of the gateway see every tenant, a key of a tenant only that one, and users those they are members of.",
    input: z.object({}),
    output: listOf("tenants", MyTenant),
    run: async (ctx) => ({ tenants: await listMyTenants(ctx) }),
  }),
  defineOperation({
    name: "tenants.list",
    http: { method: "GET", path: "/v1/tenants" },
    access: ACCESS.own,
    summary: "List all tenants, by name",
    description: "For owners of the gateway.",
    input: z.object({}),
    output: listOf("tenants", Tenant),
    run: async (ctx) => ({ tenants: [...(await listTenants(ctx))] }),
  }),
  defineOperation({
    name: "tenants.create",
    http: { method: "POST", path: "/v1/tenants", status: 201 },
    runsOnce: true,
    access: ACCESS.own,
    summary: "Create a tenant",
    description: "The new tenant is empty: give it a provider, an agent and keys of its own.",
    input: CreateTenantInput,
    output: Tenant,
    errors: ["ALREADY_EXISTS"],
    audit: tenantCreated,
    example: { input: { name: "Acme", slug: "acme" } },
    run: createTenant,
  }),
  defineOperation({
    name: "tenants.get",
    http: { method: "GET", path: "/v1/tenants/{id}" },
    access: ACCESS.own,
    summary: "Read a tenant",
    description: "For owners of the gateway. The id or the slug names it.",
    input: TenantPath,
    output: Tenant,
    run: (ctx, { id }) => getTenant(ctx, id),
  }),
  defineOperation({
    name: "tenants.update",
    http: { method: "PUT", path: "/v1/tenants/{id}", aliases: [{ method: "PATCH", path: "/v1/tenants/{id}" }] },
    access: ACCESS.own,
    summary: "Change a tenant",
    description: "Fields that are left out keep their values. The master tenant stays active.",
    input: UpdateTenantInput,
    output: Tenant,
    errors: ["ALREADY_EXISTS", "FAILED_PRECONDITION"],
    audit: tenantUpdated,
    example: { input: { status: "suspended" } },
    run: updateTenant,
  }),
  defineOperation({
    name: "tenants.delete",
    http: { method: "DELETE", path: "/v1/tenants/{id}" },
    access: ACCESS.own,
    summary: "Delete a tenant with everything in it",
    description: "The master tenant, and the one the call itself acts in, cannot be deleted.",
    input: TenantPath,
    output: Deleted,
    errors: ["FAILED_PRECONDITION"],
    audit: tenantDeleted,
    run: async (ctx, input) => {
      await deleteTenant(ctx, input);
      return DELETED;
    },
  }),
  defineOperation({
    name: "tenants.users.list",
    http: { method: "GET", path: "/v1/tenants/{id}/users" },
    access: ACCESS.own,
    summary: "List a tenant's members",
    description: "For owners of the gateway.",
    input: TenantPath,
    output: listOf("users", TenantUser),
    run: async (ctx, input) => {
      const { id } = await getTenant(ctx, input.id);
      return { users: await listTenantUsers(ctx, toTenantId(id)) };
    },
  }),
  defineOperation({
    name: "tenants.users.set",
    http: { method: "POST", path: "/v1/tenants/{id}/users", status: 201 },
    runsOnce: true,
    access: ACCESS.own,
    summary: "Add a member, or change a member's role",
    description: "For owners of the gateway. Who is a member already gets the new role.",
    input: SetTenantUserInput,
    output: TenantUser,
    audit: tenantUserSet,
    example: { input: { user_id: "ada", role: "admin" } },
    run: setTenantUser,
  }),
  defineOperation({
    name: "tenants.users.remove",
    http: { method: "DELETE", path: "/v1/tenants/{id}/users/{userID}" },
    access: ACCESS.own,
    summary: "Remove a member",
    description: "Removing a user who is no member succeeds as well.",
    input: TenantUserPath,
    output: Deleted,
    audit: tenantUserRemoved,
    run: async (ctx, input) => {
      await removeTenantUser(ctx, input);
      return DELETED;
    },
  }),
];
