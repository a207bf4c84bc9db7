import { z } from "zod";

/** A new row id: UUID v7, so that ids sort by the time they were made. */
export const newId = (): string => Bun.randomUUIDv7();

/** Stands before all ids that are made from this moment on, and after all that were made before. */
export function idBound(time: Date): string {
  const milliseconds = time.getTime().toString(16).padStart(12, "0");
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}`;
}

export const TenantId = z.guid().brand<"TenantId">();
export type TenantId = z.infer<typeof TenantId>;

/** The tenant that exists from the first start on and that the gateway token acts in unless told otherwise. */
export const MASTER_TENANT_ID = "0193a5b0-7000-7000-8000-000000000001" as TenantId;

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (value: string): boolean => UUID_PATTERN.test(value);

/** Trusts `value` to be a tenant id: for ids that come from our own `tenants` table. */
export const toTenantId = (value: string): TenantId => value as TenantId;

/** Hex characters from the system's random source. */
export function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
}
