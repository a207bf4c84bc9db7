import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { toTimestamp } from "#base/clock.ts";
import { AppError, ERROR_CODES, type ErrorCode, type ErrorOptions, failedPrecondition } from "#base/errors.ts";
import type { MessageKey } from "#base/i18n/translate.ts";
import { canonicalJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { type IdempotencyScope, IdempotentCall, inProgress, whereScope } from "#core/idempotency/idempotent-call.ts";
import { BytesReply, Reply, StreamReply } from "#core/reply.ts";
import { defineService } from "#core/service.ts";
import type { IdempotencyKeysTable } from "#db/tables.ts";

/** The result of an execution. */
export interface Outcome {
  readonly value: unknown;
  /** True if it repeats the answer of an earlier call. */
  readonly isReplay: boolean;
}

/** An error that was recorded for an earlier call with the same key. */
export class ReplayedError extends AppError {}

/** The name of this process, unique across restarts: `<node id>:<boot id>`. */
export const processName = defineService<string>("process-name");

type Row = Pick<IdempotencyKeysTable, "request_hash" | "state" | "owner" | "answer" | "run_id" | "created_at">;

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
  if (key === undefined || !operation.runsOnce) return { value: await run(ctx), isReplay: false };

  const scope = { principal: describePrincipal(ctx), route: operation.name, key };
  const hash = createHash("sha256")
    .update(canonicalJson([rawInput, agent, sessionKey]))
    .digest("hex");
  const deadline = ctx.clock.now().getTime() + LIMITS.idempotencyWait;
  for (let pause = 20; ; pause = Math.min(500, pause * 2)) {
    const row = await claim(ctx, scope, hash);
    if (row === "claimed") return { value: await runFirst(ctx, scope, run), isReplay: false };
    if (row.request_hash !== hash) {
      throw failedPrecondition("error.idempotency_conflict", {}, "idempotency_conflict");
    }
    if (row.state === "done") return { value: replay(row.answer ?? "null"), isReplay: true };
    if (row.run_id) {
      const idempotency = new IdempotentCall(scope, ctx.use(processName), row.run_id);
      return { value: await run({ ...ctx, idempotency }), isReplay: true };
    }
    if (isAbandoned(ctx, row) && row.state === "applied") {
      throw failedPrecondition("error.idempotency_outcome_unknown", {}, "idempotency_outcome_unknown");
    }
    if (ctx.clock.now().getTime() > deadline) throw inProgress();
    await sleep(pause, undefined, { signal: ctx.signal });
  }
}

async function runFirst(
  ctx: Context,
  scope: IdempotencyScope,
  run: (ctx: Context) => Promise<unknown>,
): Promise<unknown> {
  const idempotency = new IdempotentCall(scope, ctx.use(processName), null);
  try {
    const value = await run({ ...ctx, idempotency });
    if (isKeepable(value)) await idempotency.keepAnswer(ctx.db, JSON.stringify(toKept(ctx, value)));
    return value;
  } catch (thrown) {
    if (thrown instanceof AppError && isFinal(thrown.code)) {
      await idempotency.keepAnswer(ctx.db, JSON.stringify(toKeptError(thrown)));
    } else {
      await idempotency.forget(ctx.db);
    }
    throw thrown;
  }
}

// One statement decides between concurrent callers. The loser reads the winner's row.
async function claim(ctx: Context, scope: IdempotencyScope, hash: string): Promise<Row | "claimed"> {
  const now = ctx.clock.now();
  const fresh = {
    ...scope,
    request_hash: hash,
    state: "running" as const,
    owner: ctx.use(processName),
    answer: null,
    run_id: null,
    created_at: toTimestamp(now),
    expires_at: toTimestamp(new Date(now.getTime() + LIMITS.idempotencyKept)),
  };
  return ctx.db.write(async (queries) => {
    const inserted = await queries
      .insertInto("idempotency_keys", fresh)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 1n) return "claimed";

    const row = await whereScope(queries.selectForUpdate("idempotency_keys"), scope)
      .select(["request_hash", "state", "owner", "answer", "run_id", "created_at", "expires_at"])
      .executeTakeFirstOrThrow();
    const isExpired = row.expires_at < toTimestamp(now);
    const isFree = row.state === "running" && row.run_id === null && row.request_hash === hash && isAbandoned(ctx, row);
    if (!isExpired && !isFree) return row;
    await whereScope(queries.deleteFrom("idempotency_keys"), scope).execute();
    await queries.insertInto("idempotency_keys", fresh).execute();
    return "claimed";
  });
}

/** Returns true if the process of a row is gone: an earlier start of this node, or another node after `runWallTime`. */
function isAbandoned(ctx: Context, row: Row): boolean {
  const mine = ctx.use(processName);
  if (row.owner === mine) return false;
  if (row.owner.split(":")[0] === mine.split(":")[0]) return true;
  return ctx.clock.now().getTime() - Date.parse(row.created_at) > LIMITS.runWallTime;
}

function describePrincipal({ actor, userId }: Context): string {
  return actor.kind === "api_key" ? `key:${actor.keyId}:${userId}` : `${actor.kind}:${userId}`;
}

type Kept =
  | { readonly kind: "value"; readonly value: unknown; readonly headers: Readonly<Record<string, string>> }
  | {
      readonly kind: "error";
      readonly code: ErrorCode;
      readonly key: MessageKey;
      readonly params: Readonly<Record<string, string | number>>;
      readonly options: ErrorOptions;
    };

// A replay encodes a stream again from its run, so the stream itself is not stored.
const isKeepable = (value: unknown) => !(value instanceof StreamReply || value instanceof BytesReply);

function toKept({ operation }: Context, reply: unknown): Kept {
  const { value, headers } = reply instanceof Reply ? reply : { value: reply, headers: {} };
  const hidden = operation.shownOnce ?? [];
  if (hidden.length === 0 || value === null || typeof value !== "object") return { kind: "value", value, headers };
  const shown = Object.fromEntries(Object.entries(value).filter(([name]) => !hidden.includes(name)));
  return { kind: "value", value: shown, headers };
}

function toKeptError({ code, key, params, options: { cause: _, ...options } }: AppError): Kept {
  return { kind: "error", code, key, params, options };
}

/** Returns true if repeating the call would give the same error. */
export const isFinal = (code: ErrorCode): boolean => ERROR_CODES[code].status < 500 && code !== "RESOURCE_EXHAUSTED";

function replay(answer: string): unknown {
  const kept = JSON.parse(answer) as Kept;
  if (kept.kind === "error") throw new ReplayedError(kept.code, kept.key, kept.params as never, kept.options);
  return Object.keys(kept.headers).length > 0 ? new Reply(kept.value, kept.headers) : kept.value;
}
