import type { TenantQueries } from "#db/tenant-queries.ts";
import type { ModelResponseFormat, ModelSettings, ModelTool, ModelToolChoice } from "#models/language-model.ts";
import type { RunRow } from "#runtime/runs/claim-run.ts";
import type { Cursor } from "#runtime/runs/run-events.ts";
import type { OnBusy, RunKind } from "#runtime/runs/run-schema.ts";
import type { RunDraft } from "#runtime/runs/runnable-agent.ts";
import type { NumberedEvent } from "#runtime/runs/write-events.ts";
import type { Message, NewMessage, SessionRequest, SessionSuffixes } from "#runtime/transcript/index.ts";

/** A request for a run of an agent. */
export interface RunRequest {
  readonly agent: { readonly id: string; readonly key: string };
  readonly session: SessionRequest;
  readonly kind: RunKind;
  /** True if the client waits on the same request. The run is cancelled if the client disconnects. */
  readonly isAttached: boolean;
  readonly onBusy: OnBusy;
  /** Complete turns. The last one is from the user or from a tool. */
  readonly messages: readonly NewMessage[];
  readonly options: RunOptions;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The run that handed this one its task. */
  readonly parentRunId?: string | undefined;
  /** Runs in the transaction that stores the request, with the run that serves it. It may await only its own queries. */
  readonly onStored?: ((queries: TenantQueries, runId: string) => Promise<void>) | undefined;
}

/** What a run may use up, if its agent and the gateway allow as much. */
export interface RunAllowance {
  /** The most model calls, at least 1. */
  readonly maxIterations?: number | undefined;
  /** The most calls of the gateway's tools. */
  readonly maxToolCalls?: number | undefined;
  /** How long an attempt may take, in seconds, at least 1. */
  readonly maxSeconds?: number | undefined;
}

/** A request whose options are written as JSON, so that the transaction that stores it is short. */
export interface PreparedRequest extends RunRequest {
  readonly optionsJson: string;
}

/** The caller's settings of one run. They are stored, so a resumed run uses the same ones. */
export interface RunOptions extends RunAllowance {
  /** The caller's own system or developer text. */
  readonly instructions?: string | undefined;
  readonly settings: ModelSettings;
  /** Tools that the caller runs. */
  readonly clientTools: readonly ModelTool[];
  readonly toolChoice?: ModelToolChoice | undefined;
  /** True if the caller named the session, so it may come back and look for it. */
  readonly wantsTitle?: boolean | undefined;
  readonly responseFormat?: ModelResponseFormat | undefined;
  /** The user whose access to the agent the run needs. Undefined if its caller may use every agent of the tenant. */
  readonly accessor?: string | undefined;
  /** Settings in place of the agent's stored ones. */
  readonly draft?: RunDraft | undefined;
  /** True if no text of the run and its session stays after the run's end. The record of work and cost does. */
  readonly forgetsText?: boolean | undefined;
}

/** The run that serves a request: a new one, or an existing run that the request steers or repeats. */
export interface Accepted {
  readonly runId: string;
  readonly sessionKey: string;
  /** True if the run holds its session and may be worked on. */
  readonly isReady: boolean;
  /** The run that this one interrupts. The caller of `acceptRun` cancels it. */
  readonly interruptedRunId?: string | undefined;
  /** True if the request started the run. */
  readonly isNew: boolean;
  /** The cursor after which the events of this request begin. */
  readonly after: Cursor;
  /** The stored events of a run that the request started. */
  readonly events: readonly NumberedEvent[];
  /** Set if the first attempt began in the same transaction, which saves a commit. */
  readonly begun?: BegunRun | undefined;
}

/** A run in its first attempt, with its first message started. */
export interface BegunRun {
  readonly run: RunRow;
  readonly messageId: string;
  /** Undefined if the session holds older messages, which the attempt then has to read. */
  readonly transcript: readonly Message[] | undefined;
}

/** The engine's parameters for accepting a request. */
export interface AcceptOptions {
  /** The id of the run, if the request starts one. */
  readonly runId: string;
  readonly owner: string;
  readonly now: Date;
  readonly suffixes: SessionSuffixes;
  /** True if the owner has a free worker and may begin at once, provided that the session is idle. */
  readonly mayBegin: boolean;
}
