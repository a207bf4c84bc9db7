import { hash, timingSafeEqual } from "node:crypto";
import { AppError, notFound, unauthorized } from "#base/errors.ts";
import { MASTER_TENANT_ID, type TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Secret } from "#base/secret.ts";
import { roleOfScopes } from "#core/access.ts";
import type { ApiKeyDirectory } from "#core/api-key-directory.ts";
import type { Principal } from "#core/context.ts";
import type { TenantDirectory } from "#core/tenant-directory.ts";

/** What a request brings to say who it is. */
export interface Credentials {
  readonly bearer: string | undefined;
  readonly userId: string | undefined;
  readonly tenantHint: string | undefined;
}

export interface AuthenticationSettings {
  /** Undefined only where the gateway runs without authentication, on loopback. */
  readonly gatewayToken: Secret | undefined;
  /** Empty means that only the user `system` owns the gateway. */
  readonly ownerIds: readonly string[];
  readonly defaultUserId: string | undefined;
}

export type Authenticate = (credentials: Credentials) => Promise<Principal>;

/** The user that stands in where the gateway's own token is used on nobody's behalf. */
export const SYSTEM_USER = "system";

/**
 * Turns credentials into a principal, or throws 401. A bearer that is present but wrong is refused whatever else the
 * request brings; a tenant that cannot be resolved is an error, never the master tenant.
 */
export function createAuthenticate(
  settings: AuthenticationSettings,
  keys: ApiKeyDirectory,
  tenants: TenantDirectory,
): Authenticate {
  const { gatewayToken, defaultUserId } = settings;
  const isGatewayToken = gatewayToken && createTokenCheck(gatewayToken);
  const owners = settings.ownerIds.length > 0 ? settings.ownerIds : [SYSTEM_USER];

  const resolveTenant = async (bound: TenantId | null, hint: string | undefined): Promise<TenantId> => {
    const wanted = bound ?? (hint || MASTER_TENANT_ID);
    const tenant = await tenants.find(wanted);
    if (!tenant) throw notFound("tenant", wanted);
    if (tenant.status !== "active") throw new AppError("UNAUTHORIZED", "error.tenant_suspended", {}, { status: 403 });
    return tenant.id;
  };

  return async function authenticate({ bearer, userId: header, tenantHint }) {
    const asked = parseUserId(header);
    if (bearer === undefined && !gatewayToken) {
      return {
        actor: { kind: "anonymous" },
        role: "admin",
        tenantId: MASTER_TENANT_ID,
        isTenantNamed: false,
        userId: SYSTEM_USER,
        isUserKnown: asked !== undefined || defaultUserId !== undefined,
      };
    }
    if (bearer === undefined) throw unauthorized();

    if (isGatewayToken?.(bearer)) {
      const known = asked ?? defaultUserId;
      const userId = known ?? SYSTEM_USER;
      return {
        actor: { kind: "gateway" },
        role: owners.includes(userId) ? "owner" : "admin",
        tenantId: await resolveTenant(null, tenantHint),
        isTenantNamed: Boolean(tenantHint),
        userId,
        isUserKnown: known !== undefined,
      };
    }

    const key = await keys.find(bearer);
    if (!key) throw unauthorized();
    const known = key.ownerId ?? asked ?? defaultUserId;
    return {
      actor: {
        kind: "api_key",
        keyId: key.id,
        prefix: key.prefix,
        scopes: key.scopes,
        tenantId: key.tenantId,
        isBound: key.ownerId !== null,
        expiresAt: key.expiresAt,
      },
      role: roleOfScopes(key.scopes),
      tenantId: await resolveTenant(key.tenantId, tenantHint),
      isTenantNamed: key.tenantId !== null || Boolean(tenantHint),
      userId: known ?? `key:${key.prefix}`,
      isUserKnown: known !== undefined,
    };
  };
}

// Digests have one length, so that the comparison tells nothing about the token's.
function createTokenCheck(token: Secret): (given: string) => boolean {
  const digest = (text: string) => hash("sha256", text, "buffer");
  const expected = digest(token.reveal());
  return (given) => timingSafeEqual(digest(given), expected);
}

const FORBIDDEN_IN_USER_ID = /[\p{Cc}\p{Cf}]/u;

/** Whether text can name a user: at most 255 bytes, no control or invisible formatting characters. */
export const isUserId = (text: string): boolean =>
  text.length > 0 && Buffer.byteLength(text) <= LIMITS.userIdBytes && !FORBIDDEN_IN_USER_ID.test(text);

function parseUserId(header: string | undefined): string | undefined {
  if (header === undefined || header === "") return undefined;
  if (isUserId(header)) return header;
  const detail = `at most ${LIMITS.userIdBytes} bytes, no control characters`;
  throw new AppError("INVALID_REQUEST", "error.invalid_header", { header: "X-GoClaw-User-Id", detail });
}

/** Stands in for the caller of a public operation, which asks nobody who they are. */
export const PUBLIC_PRINCIPAL: Principal = {
  actor: { kind: "anonymous" },
  role: "viewer",
  tenantId: MASTER_TENANT_ID,
  isTenantNamed: false,
  userId: "anonymous",
  isUserKnown: false,
};
