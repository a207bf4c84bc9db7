import { defineMethod, type RpcParams } from "#core/live/rpc-method.ts";

const DONE = { ok: "true" };
const withTenant = ({ tenant_id, tenantId, user_id, ...params }: RpcParams): RpcParams => ({
  ...params,
  id: tenant_id ?? tenantId ?? params.id,
  user_id: user_id ?? params.userId,
  userID: user_id ?? params.userId,
});

export const tenantMethods = [
  defineMethod({ name: "tenants.update", operation: "tenants.update", toPayload: () => DONE }),
  defineMethod({ name: "tenants.users.list", operation: "tenants.users.list", toInput: withTenant }),
  defineMethod({
    name: "tenants.users.add",
    operation: "tenants.users.set",
    toInput: withTenant,
    toPayload: () => DONE,
  }),
  defineMethod({
    name: "tenants.users.remove",
    operation: "tenants.users.remove",
    toInput: withTenant,
    toPayload: () => DONE,
  }),
];
