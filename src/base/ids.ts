import { z } from "zod";

/** Returns a new row id. It is a UUID v7, so ids sort by creation time. */
export const newId = (): string => Bun.randomUUIDv7();

/** Returns text that sorts after all ids created before `time` and before all ids created from `time` on. */
export function idBound(time: Date): string {
  const milliseconds = time.getTime().toString(16).padStart(12, "0");
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}`;
}

/** An id and the time in its row come from the same clock, but not from the same moment. */
const ID_SLACK_MS = 60_000;

/**
 * Returns texts between which the ids of all rows of a time are, whose clocks had the time right. `slack` is the time in
 * milliseconds between the id and the time in a row.
 */
export const idsAround = (time: Date, slack = ID_SLACK_MS): { readonly lowest: string; readonly highest: string } => ({
  lowest: idBound(new Date(Math.max(0, time.getTime() - slack))),
  highest: idBound(new Date(Math.min(MAX_TIME_MS, time.getTime() + slack))),
});

/** The latest time that an id can hold: 48 bits. */
const MAX_TIME_MS = 2 ** 48 - 1;

export const TenantId = z.guid().brand<"TenantId">();
export type TenantId = z.infer<typeof TenantId>;

/** The tenant that exists from the first start. The gateway token acts in it by default. */
export const MASTER_TENANT_ID = "0193a5b0-7000-7000-8000-000000000001" as TenantId;

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (value: string): boolean => UUID_PATTERN.test(value);

/** Casts a string to a tenant id without validation. Use it only for ids from our own `tenants` table. */
export const toTenantId = (value: string): TenantId => value as TenantId;
