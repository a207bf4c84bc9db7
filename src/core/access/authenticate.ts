import { hash, timingSafeEqual } from "node:crypto";
import { AppError, notFound, unauthorized } from "#base/errors.ts";
import { MASTER_TENANT_ID, type TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Secret } from "#base/secret.ts";
import { roleOfScopes, type Scope } from "#core/access/access.ts";
import type { FileLinks } from "#core/access/file-links.ts";
import { isUserId, toIdentity } from "#core/access/identity.ts";
import type { Principal } from "#core/context.ts";

/** An API key that exists and is not revoked. */
export interface KnownKey {
  readonly id: string;
  readonly prefix: string;
  /** Null for a system key. */
  readonly tenantId: TenantId | null;
  /** Null unless the key is bound to a user. */
  readonly ownerId: string | null;
  readonly scopes: readonly Scope[];
  readonly expiresAt: string | null;
}

export interface ApiKeyDirectory {
  /** Returns the facts of a raw key, or undefined if the key is unknown, revoked or expired. */
  find(rawKey: string): Promise<KnownKey | undefined>;
  /** The same for the id of a key. */
  findById(id: string): Promise<KnownKey | undefined>;
}

/** A paired browser. */
export interface KnownDevice {
  readonly id: string;
  /** The first characters of its credential, by which people tell it from others. */
  readonly shortId: string;
  readonly tenantId: TenantId;
}

export interface DeviceDirectory {
  /** Returns the facts of a credential, or undefined if it is unknown, not approved or expired. */
  find(senderId: string): Promise<KnownDevice | undefined>;
  /** The same by the id of the pairing. */
  findById(id: string): Promise<KnownDevice | undefined>;
}

/** A browser that is signed in, or a link that signs one in. It has the rights that its credential has now. */
export interface KnownLogin {
  readonly id: string;
  /** The API key that it stands for, or the paired browser. If there is neither, it stands for the gateway token. */
  readonly keyId: string | null;
  readonly deviceId: string | null;
  /** The user for whom it acts where a request names nobody. */
  readonly userId: string;
  /** The tenant that was named beside the credential. It holds where a request names none. */
  readonly tenantId: TenantId | undefined;
}

/** What proves a login: the cookie of a browser, or the code of a link. */
export interface LoginProof {
  readonly kind: "cookie" | "code";
  readonly text: string;
}

export interface LoginDirectory {
  /** Returns the facts of a login, or undefined if it is unknown, over, or of an earlier gateway token. */
  find(proof: LoginProof): Promise<KnownLogin | undefined>;
}

export interface KnownTenant {
  readonly id: TenantId;
  readonly status: "active" | "suspended" | "archived";
}

export interface TenantDirectory {
  find(idOrSlug: string): Promise<KnownTenant | undefined>;
}

/** The credentials of a request. */
export interface Credentials {
  readonly bearer: string | undefined;
  readonly userId: string | undefined;
  readonly tenantHint: string | undefined;
  /** The credential of a paired browser. It counts only where no bearer token is sent. */
  readonly senderId?: string | undefined;
  /** The login of a browser. It counts only where neither a bearer token nor a paired browser is named. */
  readonly login?: LoginProof | undefined;
  /** A signed link to a file. It alone decides, whatever else the request has. */
  readonly link?: { readonly path: string; readonly token: string } | undefined;
}

export interface AuthenticationSettings {
  /** Undefined if the gateway runs without authentication, which is allowed on loopback only. */
  readonly gatewayToken: Secret | undefined;
  /** Returns the present owners of the gateway. If there are none, only the user `system` owns it. */
  readonly ownerIds: () => readonly string[];
  readonly defaultUserId: string | undefined;
}

/** Where credentials are looked up. */
export interface Directories {
  readonly keys: ApiKeyDirectory;
  readonly devices: DeviceDirectory;
  readonly logins: LoginDirectory;
  readonly tenants: TenantDirectory;
  readonly links: FileLinks;
}

export type Authenticate = (credentials: Credentials) => Promise<Principal>;

/** The placeholder user of a call with the gateway token that names no user. */
export const SYSTEM_USER = "system";

/**
 * Creates the function that converts credentials to a principal. It throws `UNAUTHORIZED` for a wrong bearer token,
 * even if the request would be allowed without one. It throws `NOT_FOUND` for an unknown tenant and never falls back to
 * the master tenant.
 */
export function createAuthenticate(
  settings: AuthenticationSettings,
  { keys, devices, logins, tenants, links }: Directories,
): Authenticate {
  const { gatewayToken } = settings;
  const defaultUserId = settings.defaultUserId === undefined ? undefined : toIdentity(settings.defaultUserId);
  const isGatewayToken = gatewayToken && createTokenCheck(gatewayToken);
  const isOwner = (userId: string): boolean => {
    const ids = settings.ownerIds();
    return ids.length > 0 ? ids.some((id) => toIdentity(id) === userId) : userId === SYSTEM_USER;
  };

  const resolveTenant = (bound: TenantId | null, hint: string | undefined): Promise<TenantId> =>
    findActiveTenant(tenants, bound ?? (hint || MASTER_TENANT_ID));

  const asGateway = async ({ userId: requested, tenantHint }: Named): Promise<Principal> => {
    const known = requested ?? defaultUserId;
    const userId = known ?? SYSTEM_USER;
    return {
      actor: { kind: "gateway" },
      role: isOwner(userId) ? "owner" : "admin",
      tenantId: await resolveTenant(null, tenantHint),
      isTenantNamed: Boolean(tenantHint),
      userId,
      isUserKnown: known !== undefined,
    };
  };

  const asKey = async (key: KnownKey | undefined, { userId: requested, tenantHint }: Named): Promise<Principal> => {
    if (!key) throw unauthorized();
    const known = key.ownerId ?? requested ?? defaultUserId;
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

  const asDevice = async (device: KnownDevice | undefined, { userId }: Named): Promise<Principal> => {
    if (!device) throw unauthorized();
    return toDevicePrincipal(device, userId, await resolveTenant(device.tenantId, undefined));
  };

  const asLogin = async (proof: LoginProof, { userId, tenantHint }: Named): Promise<Principal> => {
    const login = await logins.find(proof);
    if (!login) throw unauthorized();
    const named = { userId: userId ?? login.userId, tenantHint: tenantHint || login.tenantId };
    const { id: loginId, keyId, deviceId } = login;
    if (keyId !== null) return { ...(await asKey(await keys.findById(keyId), named)), loginId };
    if (deviceId !== null) return { ...(await asDevice(await devices.findById(deviceId), named)), loginId };
    return { ...(await asGateway(named)), loginId };
  };

  return async function authenticate({ bearer, userId: header, tenantHint, senderId, login, link }) {
    if (link) {
      const linked = links.findTenant(link.path, link.token);
      if (!linked) throw unauthorized();
      return { ...PUBLIC_PRINCIPAL, actor: { kind: "link" }, tenantId: await resolveTenant(linked, undefined) };
    }
    const named = { userId: parseUserId(header), tenantHint };
    if (bearer !== undefined) {
      return isGatewayToken?.(bearer) ? asGateway(named) : asKey(await keys.find(bearer), named);
    }
    if (!gatewayToken) {
      return {
        actor: { kind: "anonymous" },
        role: "admin",
        tenantId: MASTER_TENANT_ID,
        isTenantNamed: false,
        userId: SYSTEM_USER,
        isUserKnown: named.userId !== undefined || defaultUserId !== undefined,
      };
    }
    if (senderId === undefined && login) return asLogin(login, named);
    return asDevice(senderId === undefined ? undefined : await devices.find(senderId), named);
  };
}

/** The user and the tenant that a request names. */
interface Named {
  readonly userId: string | undefined;
  readonly tenantHint: string | undefined;
}

/**
 * Returns the id of a tenant. Throws NOT_FOUND for an unknown one, and UNAUTHORIZED with status 403 unless it is
 * active.
 */
export async function findActiveTenant(tenants: TenantDirectory, reference: string): Promise<TenantId> {
  const tenant = await tenants.find(reference);
  if (!tenant) throw notFound("tenant", reference);
  if (tenant.status !== "active") throw new AppError("UNAUTHORIZED", "error.tenant_suspended", {}, { status: 403 });
  return tenant.id;
}

/** A paired browser has a user of its own, so it can work although its request names nobody. */
const toDevicePrincipal = (
  { id, shortId }: KnownDevice,
  requested: string | undefined,
  tenantId: TenantId,
): Principal => ({
  actor: { kind: "device", deviceId: id, shortId },
  role: "operator",
  tenantId,
  isTenantNamed: true,
  userId: requested ?? `device:${shortId}`,
  isUserKnown: true,
});

// Digests have one length, so the comparison reveals nothing about the length of the token.
function createTokenCheck(token: Secret): (bearer: string) => boolean {
  const digest = (text: string) => hash("sha256", text, "buffer");
  const expected = digest(token.reveal());
  return (bearer) => timingSafeEqual(digest(bearer), expected);
}

function parseUserId(header: string | undefined): string | undefined {
  if (header === undefined || header === "") return undefined;
  const userId = toIdentity(header);
  if (isUserId(userId)) return userId;
  const detail = `at most ${LIMITS.userIdBytes} bytes, no control characters`;
  throw new AppError("INVALID_REQUEST", "error.invalid_header", { header: "X-GoClaw-User-Id", detail });
}

/** The caller of every public operation. Public operations do not authenticate. */
export const PUBLIC_PRINCIPAL: Principal = {
  actor: { kind: "anonymous" },
  role: "viewer",
  tenantId: MASTER_TENANT_ID,
  isTenantNamed: false,
  userId: "anonymous",
  isUserKnown: false,
};
