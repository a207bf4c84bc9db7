import { describe, expect, test } from "bun:test";
import { TABLE_OWNERS, type Tables } from "#db/tables.ts";
import { codeOf, sources } from "#testing/source-files.ts";

/** Statements that the builders cannot express. Only the owner of their table calls them. */
const STATEMENTS = "src/db/";

/** Files that read a table and change it, but never lock it, and why that is safe. */
const UNLOCKED: Readonly<Record<string, string>> = {
  "src/runtime/runs/adopt-orphans.ts": "its update repeats the conditions of its read",
  "src/runtime/runs/cancel-run.ts": "reads only the session's id, which never changes",
  "src/runtime/runs/deletion/delete-run-texts.ts": "reads ids of runs that have ended",
  "src/runtime/runs/records/span-store.ts": "reads ids of old traces",
  "src/runtime/runs/run-inputs.ts": "the caller holds the lock of the session",
  "src/runtime/transcript/tool-call-store.ts": "the caller holds the lock of the session",
  "src/runtime/transcript/delete-transcript.ts": "the caller holds the lock of the session",
  "src/core/idempotency/delete-expired-keys.ts": "its read is part of the deleting statement",
  "src/core/jobs/job-store.ts": "locks with SKIP LOCKED, which the helper does not offer",
  "src/core/nodes/node-registration.ts": "its insert decides, and the read only reports",
  "src/features/agents/update-agent.ts": "the caller holds the lock of the agent",
  "src/features/api-keys/api-key-directory.ts": "writes only the time of the last use",
  "src/features/devices/device-directory.ts": "writes only how long a browser may stay away, while it is paired",
  "src/features/logins/login-directory.ts": "writes only how long a browser may stay away, while it is signed in",
  "src/features/tenants/remove-tenant-user.ts": "holds the lock of the tenant",
};

const WRITE =
  /\b(?:insertInto|insertOrLock|updateTable|deleteFrom|insertRows?|insertRowIfAbsent)(?:<[^>]*>)?\(\s*(?:\w+,\s*)?"(\w+)"/g;
const CHANGE = /\b(?:updateTable|deleteFrom)\(\s*"(\w+)"/g;
const LOCK = /\b(?:selectForUpdate|insertOrLock)\(\s*"(\w+)"/g;
const PLAIN_READ = /\bselectFrom\(\s*"(\w+)"/g;

const tablesOf = (path: string, pattern: RegExp): readonly string[] =>
  [...codeOf(path).matchAll(pattern)].map((match) => match[1] ?? "");

/** The tables that a file reads and changes, and never locks. */
function unlockedOf(path: string): readonly string[] {
  const changed = new Set(tablesOf(path, CHANGE));
  const locked = new Set(tablesOf(path, LOCK));
  return tablesOf(path, PLAIN_READ).filter((table) => changed.has(table) && !locked.has(table));
}

const isOwner = (path: string, table: string): boolean =>
  path.startsWith(TABLE_OWNERS[table as keyof Tables] ?? "nowhere");

const production = sources.filter((path) => !path.startsWith("src/testing/"));

describe("every table", () => {
  test("has an owner, and every owner writes its table", () => {
    const written = new Set(production.flatMap((path) => tablesOf(path, WRITE)));
    expect(Object.keys(TABLE_OWNERS).filter((table) => !written.has(table))).toEqual([]);
  });

  test("is written by its owner alone", () => {
    const violations = production
      .filter((path) => !path.startsWith(STATEMENTS))
      .flatMap((path) =>
        tablesOf(path, WRITE)
          .filter((table) => !isOwner(path, table))
          .map((table) => `${path} writes ${table}`),
      );
    expect(violations).toEqual([]);
  });

  test("is locked in files that read it in order to change it", () => {
    const violations = production
      .filter((path) => !(path in UNLOCKED))
      .flatMap((path) => unlockedOf(path).map((table) => `${path} changes ${table} without selectForUpdate`));
    expect(violations).toEqual([]);
  });

  test("has no exception that is no longer needed", () => {
    expect(Object.keys(UNLOCKED).filter((path) => unlockedOf(path).length === 0)).toEqual([]);
  });
});
