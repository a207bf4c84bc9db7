import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "#base/clock.ts";
import { SECOND } from "#base/clock.ts";
import { isUuid, type TenantId, toTenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Secret } from "#base/secret.ts";
import { defineService } from "#core/service.ts";

const PURPOSE = "goclaw-file-signing-v1";
/** `<signature>.<expiry in seconds>.<tenant>` */
const TOKEN = /^([\w-]{43})\.(\d{1,12})\.([\da-f-]{36})$/;

/** Signs links to single files. Whoever has a link may read that file, without any other credential, until it expires. */
export class FileLinks {
  readonly #key: Buffer;
  readonly #clock: Clock;

  constructor(secret: Secret, clock: Clock) {
    this.#key = createHmac("sha256", secret.reveal()).update(PURPOSE).digest();
    this.#clock = clock;
  }

  /** Returns the path of a URL, as clients send it, with its token. The link is valid for `LIMITS.fileLinkTime`. */
  sign(tenantId: TenantId, path: string): string {
    const expiry = Math.floor((this.#clock.now().getTime() + LIMITS.fileLinkTime) / SECOND);
    const canonical = toCanonicalPath(path) ?? path;
    const signature = this.#sign(tenantId, canonical, expiry).toString("base64url");
    return `${canonical}?ft=${signature}.${expiry}.${tenantId}`;
  }

  /** Returns the tenant whose file a token opens at a path. Returns undefined for a forged or expired token. */
  findTenant(path: string, token: string): TenantId | undefined {
    const [, signature = "", expiry = "", tenant = ""] = TOKEN.exec(token) ?? [];
    const canonical = toCanonicalPath(path);
    if (canonical === undefined || !isUuid(tenant)) return undefined;
    const tenantId = toTenantId(tenant);
    const expected = this.#sign(tenantId, canonical, Number(expiry));
    const isGenuine = timingSafeEqual(expected, Buffer.from(signature, "base64url"));
    return isGenuine && this.#clock.now().getTime() <= Number(expiry) * SECOND ? tenantId : undefined;
  }

  #sign(tenantId: TenantId, path: string, expiry: number): Buffer {
    return createHmac("sha256", this.#key).update(`${tenantId}:${path}:${expiry}`).digest();
  }
}

export const fileLinks = defineService<FileLinks>("file-links");

/** Returns the one spelling of a path that percent-encoding can spell in many ways. Undefined if it has none. */
function toCanonicalPath(path: string): string | undefined {
  try {
    return decodeURIComponent(path).split("/").map(encodeURIComponent).join("/");
  } catch {
    return undefined;
  }
}
