import { createHash } from "node:crypto";
import type { TenantId } from "#base/ids.ts";

/** The part of a tenant's memory that a caller looks at. Without an agent or a user, it is that of all of them. */
export interface MemoryView {
  readonly tenantId: TenantId;
  readonly agentId?: string | undefined;
  /** What this user and all users have. */
  readonly userId?: string | undefined;
}

/** The agent and the user of a document. The user is empty if all users share it. */
export interface MemoryOwner {
  readonly tenantId: TenantId;
  readonly agentId: string;
  readonly userId: string;
}

/** Returns the tokens that mark the chunks of a document in the index. They are in upper case, as no word is. */
export const scopesOf = ({ tenantId, agentId, userId }: MemoryOwner): readonly string[] => [
  toScope("T", tenantId),
  toScope("A", tenantId, agentId),
  toScope("U", tenantId, userId),
  toScope("B", tenantId, agentId, userId),
];

/** Returns the tokens of which every chunk in a view has one. */
export function scopesIn({ tenantId, agentId, userId }: MemoryView): readonly string[] {
  if (userId === undefined) return [agentId === undefined ? toScope("T", tenantId) : toScope("A", tenantId, agentId)];
  const of = (user: string) =>
    agentId === undefined ? toScope("U", tenantId, user) : toScope("B", tenantId, agentId, user);
  return [...new Set([of(""), of(userId)])];
}

const HASH_CHARS = 32;

/** A hash, because ids of users may hold any character. */
const toScope = (kind: string, ...parts: readonly string[]): string =>
  kind + createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, HASH_CHARS).toUpperCase();
