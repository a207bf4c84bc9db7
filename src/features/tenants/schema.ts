import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { Slug } from "#base/slug.ts";
import { Identity, UserId } from "#core/access/identity.ts";
import { freeForm } from "#core/free-form.ts";
import { SingleLine, Timestamp } from "#core/wire.ts";

const TENANT_ROLES = ["owner", "admin", "operator", "member", "viewer"] as const;

/** Slugs that would conflict with paths of the API. */
const RESERVED = ["mine"];

const Name = SingleLine.min(1).max(255).describe("For people to read; at most 255 characters");
const TenantSlug = Slug.refine((slug) => !RESERVED.includes(slug)).describe(
  "Unique; stands for the tenant in paths and headers",
);
const Status = z.enum(["active", "suspended", "archived"]).describe("Only an active tenant answers its callers");
const Settings = freeForm(LIMITS.metadataBytes).describe("Free settings of the tenant");
const TenantReference = z.string().describe("Id or slug of the tenant");

/** A tenant. It owns all other resources and isolates customers from each other. */
export const Tenant = z
  .object({
    id: z.guid(),
    name: Name,
    slug: z.string(),
    status: Status,
    settings: Settings,
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "Tenant" });
export type Tenant = z.infer<typeof Tenant>;

/** A tenant with the caller's role in it, without its settings. */
export const MyTenant = Tenant.omit({ settings: true })
  .extend({ role: z.string().optional().describe("The caller's role as a member, where it is one") })
  .meta({ id: "MyTenant" });
export type MyTenant = z.infer<typeof MyTenant>;

export const TenantPath = z.object({ id: TenantReference });

export const CreateTenantInput = z
  .object({ name: Name, slug: TenantSlug, status: Status.default("active"), settings: Settings.default({}) })
  .meta({ id: "CreateTenantInput" });
export type CreateTenantInput = z.infer<typeof CreateTenantInput>;

export const UpdateTenantInput = z
  .object({
    id: TenantReference,
    name: Name.optional(),
    slug: TenantSlug.optional(),
    status: Status.optional(),
    settings: Settings.optional().describe("Replaces the stored settings as a whole"),
  })
  .meta({ id: "UpdateTenantInput" });
export type UpdateTenantInput = z.infer<typeof UpdateTenantInput>;

/** A user's membership in a tenant. */
export const TenantUser = z
  .object({ user_id: z.string(), role: z.enum(TENANT_ROLES), created_at: Timestamp })
  .meta({ id: "TenantUser" });
export type TenantUser = z.infer<typeof TenantUser>;

export const SetTenantUserInput = z
  .object({
    id: TenantReference,
    user_id: UserId,
    role: z.enum(TENANT_ROLES),
  })
  .meta({ id: "SetTenantUserInput" });
export type SetTenantUserInput = z.infer<typeof SetTenantUserInput>;

export const TenantUserPath = z.object({ id: TenantReference, userID: Identity.describe("The user's id") });
export type TenantUserPath = z.infer<typeof TenantUserPath>;
