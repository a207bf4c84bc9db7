import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ExpressionBuilder, SqlBool } from "kysely";
import { toTimestamp } from "#base/clock.ts";
import { AppError, ERROR_CODES, type ErrorCode, failedPrecondition } from "#base/errors.ts";
import { canonicalJson, isRecord } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { type Context, deriveContext } from "#core/context.ts";
import {
  type IdempotencyScope,
  IdempotentCall,
  stillInProgress,
  whereScope,
} from "#core/idempotency/idempotent-call.ts";
import { replayAnswer, toKeptAnswer, toKeptError } from "#core/idempotency/kept-answer.ts";
import { isCarrier } from "#core/reply.ts";
import { defineService } from "#core/service.ts";
import { UploadedFile } from "#core/uploads/uploaded-file.ts";
import type { IdempotencyKeysTable } from "#db/core/core-tables.ts";
import { databaseTime } from "#db/database-time.ts";
import { isDatabaseFault } from "#db/errors.ts";
import { insertRow, insertRowIfAbsent } from "#db/insert-rows.ts";
import type { Tables } from "#db/tables.ts";
import type { Dialect, TenantReads } from "#db/tenant-queries.ts";

/** The result of an execution. */
export interface Outcome {
  readonly value: unknown;
  /** True if it repeats the answer of an earlier call. */
  readonly isReplay: boolean;
}

/** The name of this process, unique across restarts: `<node id>:<boot id>`. */
export const processName = defineService<string>("process-name");

/** The names of the calls under a key on which this process works. */
export const callsInProgress = defineService<Set<string>>("calls-in-progress");

interface Row extends Pick<IdempotencyKeysTable, (typeof COLUMNS)[number]> {
  /** True if no run can take as long as the call has been running, by the database's time. */
  readonly is_old: SqlBool;
}

/** Replaces the files of a form by their hashes, because a file as JSON would be an empty object. */
function withDigests(input: unknown): unknown {
  if (!isRecord(input)) return input;
  const digest = (value: unknown) => (value instanceof UploadedFile ? value.sha256 : value);
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, digest(value)]));
}

/**
 * Runs an operation with `runsOnce` at most once per idempotency key of a caller. A repeated call gets the recorded
 * answer, or joins the run that will give it. A concurrent call waits for the first one. Server faults and rate limit
 * errors are not recorded.
 */
export async function idempotently(
  ctx: Context,
  rawInput: unknown,
  run: (ctx: Context) => Promise<unknown>,
): Promise<Outcome> {
  const { operation } = ctx;
  const { idempotencyKey: key, agent = null, sessionKey = null } = ctx.options;
  // Strangers share one principal, to whom no key can belong. Their calls leave nothing behind.
  const isKept = operation.runsOnce && operation.access !== "public";
  if (key === undefined || !isKept) return { value: await run(ctx), isReplay: false };

  const scope = { principal: describePrincipal(ctx), route: operation.name, key };
  const hash = createHash("sha256")
    .update(canonicalJson([withDigests(rawInput), agent, sessionKey]))
    .digest("hex");
  const inProgress = ctx.use(callsInProgress);
  const name = JSON.stringify([ctx.tenantId, scope]);
  const deadline = ctx.clock.now().getTime() + LIMITS.idempotencyWait;
  for (let pause = 20; ; pause = Math.min(500, pause * 2)) {
    let row: Row | "claimed" | undefined;
    if (inProgress.has(name)) row = await findRow(ctx.db.read, scope);
    else {
      inProgress.add(name);
      try {
        row = await claim(ctx, scope, hash);
        if (row === "claimed") return { value: await runFirst(ctx, scope, run), isReplay: false };
      } finally {
        inProgress.delete(name);
      }
    }
    const replay = row && (await replayOf(ctx, scope, row, { hash, run, isGone: !inProgress.has(name) }));
    if (replay) return replay;
    if (ctx.clock.now().getTime() > deadline) throw stillInProgress();
    await sleep(pause, undefined, { signal: ctx.signal });
  }
}

interface Repeated {
  readonly hash: string;
  readonly run: (ctx: Context) => Promise<unknown>;
  /** True if this process works on no call with the key. */
  readonly isGone: boolean;
}

/** Returns the outcome of an earlier call, or undefined if it has none yet. */
async function replayOf(
  ctx: Context,
  scope: IdempotencyScope,
  row: Row,
  { hash, run, isGone }: Repeated,
): Promise<Outcome | undefined> {
  if (row.request_hash !== hash) throw failedPrecondition("error.idempotency_conflict", {}, "idempotency_conflict");
  if (row.run_id && row.state !== "done") {
    const idempotency = new IdempotentCall(scope, ctx.use(processName), row.run_id);
    return { value: await run(deriveContext(ctx, { idempotency })), isReplay: true };
  }
  if (row.answer !== null) return { value: replayAnswer(row.answer), isReplay: true };
  if (row.state === "applied" && isAbandoned(ctx, row, isGone)) {
    throw failedPrecondition("error.idempotency_outcome_unknown", {}, "idempotency_outcome_unknown");
  }
  return undefined;
}

async function runFirst(
  ctx: Context,
  scope: IdempotencyScope,
  run: (ctx: Context) => Promise<unknown>,
): Promise<unknown> {
  const idempotency = new IdempotentCall(scope, ctx.use(processName), null);
  try {
    const value = await run(deriveContext(ctx, { idempotency }));
    if (isKeepable(value)) await exceptInFaults(idempotency.keepAnswer(ctx.db, toKeptAnswer(ctx.operation, value)));
    return value;
  } catch (thrown) {
    if (thrown instanceof AppError && isFinal(thrown.code)) {
      await exceptInFaults(idempotency.keepAnswer(ctx.db, toKeptError(thrown)));
    } else {
      await exceptInFaults(idempotency.forget(ctx.db));
    }
    throw thrown;
  }
}

// A replay encodes a stream again from its run, so the stream itself is not stored.
const isKeepable = (value: unknown) => !isCarrier(value);

/**
 * Waits for a change of the key's row. A fault of the database that prevents it does not change the call's outcome. The
 * row then belongs to a call that nobody works on.
 */
async function exceptInFaults(change: Promise<void>): Promise<void> {
  await change.catch((thrown: unknown) => {
    if (!isDatabaseFault(thrown)) throw thrown;
  });
}

const COLUMNS = ["request_hash", "state", "owner", "answer", "run_id", "expires_at"] as const;
const UNIQUE = ["tenant_id", "principal", "route", "key"] as const;

const createdNow = (dialect: Dialect) => ({ created_at: databaseTime(dialect) });
const isOld = (dialect: Dialect) => (eb: ExpressionBuilder<Tables, "idempotency_keys">) =>
  eb("created_at", "<", databaseTime(dialect, -LIMITS.runWallTime)).as("is_old");

const findRow = (queries: TenantReads, scope: IdempotencyScope): Promise<Row | undefined> =>
  whereScope(queries.selectFrom("idempotency_keys"), scope)
    .select(COLUMNS)
    .select(isOld(queries.dialect))
    .executeTakeFirst();

// One statement decides between concurrent callers. The loser reads the winner's row, which may just have expired.
async function claim(ctx: Context, scope: IdempotencyScope, hash: string): Promise<Row | "claimed" | undefined> {
  const now = ctx.clock.now();
  const fresh = {
    ...scope,
    request_hash: hash,
    state: "running" as const,
    owner: ctx.use(processName),
    answer: null,
    run_id: null,
    created_at: "",
    expires_at: toTimestamp(new Date(now.getTime() + LIMITS.idempotencyKept)),
  };
  return ctx.db.write(async (queries) => {
    if (await insertRowIfAbsent(queries, "idempotency_keys", fresh, UNIQUE, createdNow)) return "claimed";

    const row = await whereScope(queries.selectForUpdate("idempotency_keys"), scope)
      .select(COLUMNS)
      .select(isOld(queries.dialect))
      .executeTakeFirst();
    if (!row) return undefined;
    const isExpired = row.expires_at < toTimestamp(now);
    const isFree =
      row.state === "running" && row.run_id === null && row.request_hash === hash && isAbandoned(ctx, row, true);
    if (!isExpired && !isFree) return row;
    await whereScope(queries.deleteFrom("idempotency_keys"), scope).execute();
    await insertRow(queries, "idempotency_keys", fresh, createdNow);
    return "claimed";
  });
}

/**
 * Returns true if nobody works on the call of a row. Its process is gone: an earlier start of this node, or another node
 * after `runWallTime`. `isGone` is true if this process does not work on it.
 */
function isAbandoned(ctx: Context, row: Row, isGone: boolean): boolean {
  const mine = ctx.use(processName);
  if (row.owner === mine) return isGone;
  if (row.owner.split(":")[0] === mine.split(":")[0]) return true;
  return Boolean(row.is_old);
}

function describePrincipal({ actor, userId }: Context): string {
  if (actor.kind === "device") return `device:${actor.deviceId}:${userId}`;
  return actor.kind === "api_key" ? `key:${actor.keyId}:${userId}` : `${actor.kind}:${userId}`;
}

/** Returns true if repeating the call would give the same error. */
export const isFinal = (code: ErrorCode): boolean => ERROR_CODES[code].status < 500 && code !== "RESOURCE_EXHAUSTED";
