export { createMasterTenant } from "#features/tenants/create-master-tenant.ts";
export { tenantOperations } from "#features/tenants/operations.ts";
export { findTenantRow } from "#features/tenants/repository.ts";
