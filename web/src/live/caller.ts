import type { OutputOf } from "#client/index.ts";

/** Who is signed in, and what that person may do. */
export type Caller = OutputOf<"logins.current">;
export type Role = Caller["role"];

const RANKS: Readonly<Record<Role, number>> = { viewer: 1, operator: 2, admin: 3, owner: 4 };

/** Returns whether a caller has at least the rights of a role. */
export const hasRole = ({ role }: Pick<Caller, "role">, needed: Role): boolean => RANKS[role] >= RANKS[needed];
