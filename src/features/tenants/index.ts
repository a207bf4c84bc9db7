export { createMasterTenant } from "#features/tenants/create-master-tenant.ts";
export { tenantDeleted, tenantEvents, tenantUserRemoved } from "#features/tenants/events.ts";
export { tenantFeature } from "#features/tenants/feature.ts";
export { findTenantRow, getTenant } from "#features/tenants/repository.ts";
export { createTenantDirectory } from "#features/tenants/tenant-directory.ts";
