/**
 * The kinds of callers that each operation is tested with. Keys belong to the master tenant unless the name says
 * otherwise.
 */
export const CALLERS = [
  "none",
  "wrong",
  "revoked",
  "expired",
  "read",
  "write",
  "admin",
  "otherAdmin",
  "gateway",
  "owner",
] as const;
export type Caller = (typeof CALLERS)[number];

/** The expected admission: let in (with any answer), unauthenticated (401), or authenticated and refused (403). */
export type Admission = "ok" | 401 | 403;
export type Expectation = Readonly<Record<Caller, Admission>>;

const UNAUTHENTICATED = { none: 401, wrong: 401, revoked: 401, expired: 401 } as const;
const EVERYONE: Expectation = {
  none: "ok",
  wrong: "ok",
  revoked: "ok",
  expired: "ok",
  read: "ok",
  write: "ok",
  admin: "ok",
  otherAdmin: "ok",
  gateway: "ok",
  owner: "ok",
};
const READERS: Expectation = { ...EVERYONE, ...UNAUTHENTICATED };
const WRITERS: Expectation = { ...READERS, read: 403 };
const ADMINS: Expectation = { ...WRITERS, write: 403 };
const MASTER_ADMINS: Expectation = { ...ADMINS, otherAdmin: 403 };
const OWNERS: Expectation = { ...MASTER_ADMINS, admin: 403, gateway: 403 };

/**
 * Who may call which operation. Written by hand, one line per operation, so that a changed access rule fails a test.
 */
export const ACCESS_EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  "gateway.info": EVERYONE,
  "gateway.health": EVERYONE,
  "gateway.ready": EVERYONE,
  "gateway.metrics": MASTER_ADMINS,

  "docs.openapi": EVERYONE,
  "docs.page": EVERYONE,
  "docs.folder": EVERYONE,
  "docs.asset": EVERYONE,

  "tenants.mine": READERS,
  "tenants.list": OWNERS,
  "tenants.create": OWNERS,
  "tenants.get": OWNERS,
  "tenants.update": OWNERS,
  "tenants.delete": OWNERS,
  "tenants.users.list": OWNERS,
  "tenants.users.set": OWNERS,
  "tenants.users.remove": OWNERS,

  "api_keys.list": ADMINS,
  "api_keys.create": ADMINS,
  "api_keys.revoke": ADMINS,

  "providers.list": ADMINS,
  "providers.create": ADMINS,
  "providers.get": ADMINS,
  "providers.update": ADMINS,
  "providers.delete": ADMINS,
  "providers.models": ADMINS,
  "providers.verify": ADMINS,
  "providers.verify-embedding": ADMINS,

  "agents.list": READERS,
  "agents.create": WRITERS,
  "agents.get": READERS,
  "agents.update": WRITERS,
  "agents.delete": WRITERS,
  "agents.shares.list": WRITERS,
  "agents.shares.set": WRITERS,
  "agents.shares.remove": WRITERS,

  "agents.wake": WRITERS,
  "runs.start": WRITERS,
  "runs.list": READERS,
  "runs.get": READERS,
  "runs.cancel": WRITERS,
  "runs.events": READERS,

  "chat.completions": WRITERS,
  "models.list": READERS,

  "sessions.list": READERS,
  "sessions.get": READERS,
  "sessions.messages": READERS,
  "sessions.update": WRITERS,
  "sessions.delete": WRITERS,
  "sessions.branch": WRITERS,
  "sessions.reset": WRITERS,
  "sessions.compact": WRITERS,

  "tools.builtin.list": READERS,
  "tools.builtin.get": READERS,
  "tools.builtin.update": ADMINS,
};
