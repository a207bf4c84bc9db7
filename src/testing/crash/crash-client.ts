import { randomHex } from "#base/random-hex.ts";
import type { Ledger, LedgerEntry, SendMode } from "#testing/crash/ledger.ts";
import { type PlannedCall, toPrompt } from "#testing/crash/planned-model.ts";
import { RunFollower } from "#testing/run-follower.ts";
import { readChatStream } from "#testing/streams/read-chat-stream.ts";

export interface CrashClientOptions {
  readonly url: string;
  readonly token: string;
  readonly agent: string;
  readonly ledger: Ledger;
  /** Returns a session that several clients write to at the same time. */
  readonly sharedSession: () => string;
  readonly isStopping: () => boolean;
}

const SEND_MODES: readonly SendMode[] = ["plain", "plain", "keyed", "keyed", "detached", "keyed detached"];
const STEPS: readonly (readonly PlannedCall[])[] = [
  ["read"],
  ["append"],
  ["replace"],
  ["read", "read"],
  ["append", "append"],
  ["read", "append", "replace"],
];
const RETRY_MS = 20;

const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(Math.random() * values.length)] as Value;
const happens = (probability: number) => Math.random() < probability;

/** Sends messages one after the other until `isStopping`, across all restarts of the server. */
export async function runCrashClient(options: CrashClientOptions): Promise<void> {
  while (!options.isStopping()) {
    const entry = newEntry(options);
    options.ledger.entries.push(entry);
    if (entry.mode === "plain" || entry.mode === "keyed") await chat(entry, options);
    else await startAndFollow(entry, options);
  }
}

function newEntry({ sharedSession }: CrashClientOptions): LedgerEntry {
  const steps = Array.from({ length: Math.floor(Math.random() * 3) }, () => pick(STEPS));
  return {
    plan: { id: `m-${randomHex(6)}`, steps, words: 5 + Math.floor(Math.random() * 25) },
    mode: pick(SEND_MODES),
    isStreamed: happens(0.7),
    sessionKey: happens(0.6) ? sharedSession() : undefined,
    runIds: new Set(),
    isAcknowledged: false,
    hasDisconnected: false,
  };
}

const isKeyed = ({ mode }: LedgerEntry) => mode === "keyed" || mode === "keyed detached";

/**
 * Sends a chat message. With an idempotency key the same request is repeated until it is answered; without one it is
 * sent once.
 */
async function chat(entry: LedgerEntry, options: CrashClientOptions): Promise<void> {
  do {
    const outcome = await chatOnce(entry, options).catch(() => "lost" as const);
    if (outcome === "answered") return;
    await Bun.sleep(RETRY_MS);
  } while (isKeyed(entry));
}

async function chatOnce(entry: LedgerEntry, { url, token, agent }: CrashClientOptions): Promise<"answered" | "lost"> {
  const disconnect = new AbortController();
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      ...headersOf(entry, token),
      ...(entry.sessionKey !== undefined && { "X-GoClaw-Session-Key": entry.sessionKey }),
    },
    body: JSON.stringify({
      model: `goclaw:${agent}`,
      stream: entry.isStreamed,
      on_busy: "queue",
      messages: [{ role: "user", content: toPrompt(entry.plan) }],
      metadata: { mark: entry.plan.id },
    }),
    signal: disconnect.signal,
    keepalive: false,
  });
  const runId = response.headers.get("x-goclaw-run-id");
  if (runId !== null) acknowledge(entry, runId);
  if (response.status !== 200) return takeRefusal(entry, response);
  if (!entry.isStreamed) {
    const { choices } = (await response.json()) as { choices: readonly { message: { content: string } }[] };
    entry.answer = choices[0]?.message.content ?? "";
    return "answered";
  }
  if (entry.mode === "plain" && happens(0.08)) {
    entry.hasDisconnected = true;
    disconnect.abort();
    return "answered";
  }
  const { text, isDone, errorCode } = await readChatStream(response);
  if (errorCode !== undefined) entry.errorCode = errorCode;
  else if (isDone) entry.answer = text;
  return isDone || (errorCode !== undefined && errorCode !== "UNAVAILABLE") ? "answered" : "lost";
}

/** Records a refusal. A retryable error counts as lost, so that the request is sent again. */
async function takeRefusal(entry: LedgerEntry, response: Response): Promise<"answered" | "lost"> {
  const { error } = (await response.json()) as { error: { code: string; retryable: boolean } };
  if (error.retryable) return "lost";
  entry.errorCode = error.code;
  return "answered";
}

async function startAndFollow(entry: LedgerEntry, options: CrashClientOptions): Promise<void> {
  let runId: string | undefined;
  do {
    runId = await startOnce(entry, options).catch(() => undefined);
    if (runId === undefined) await Bun.sleep(RETRY_MS);
  } while (runId === undefined && isKeyed(entry));
  if (runId !== undefined) await follow(entry, runId, options);
}

async function startOnce(entry: LedgerEntry, { url, token, agent }: CrashClientOptions): Promise<string | undefined> {
  const response = await fetch(`${url}/v1/agents/${agent}/runs`, {
    method: "POST",
    headers: headersOf(entry, token),
    body: JSON.stringify({
      input: toPrompt(entry.plan),
      on_busy: "queue",
      metadata: { mark: entry.plan.id },
      ...(entry.sessionKey !== undefined && { session_key: entry.sessionKey }),
    }),
    keepalive: false,
  });
  if (response.status !== 202) return undefined;
  // The status proves that the run is durable, even if the body does not arrive.
  entry.isAcknowledged = true;
  const { id } = (await response.json()) as { id: string };
  acknowledge(entry, id);
  return id;
}

async function follow(entry: LedgerEntry, runId: string, { url, token, ledger }: CrashClientOptions): Promise<void> {
  const follower = new RunFollower(runId);
  while (!follower.isOver) {
    const cut = happens(0.3) ? { cutAfter: 50 + Math.floor(Math.random() * 2_000) } : {};
    await follower.read(url, { headers: headersOf(undefined, token), ...cut }).catch(() => Bun.sleep(RETRY_MS));
  }
  ledger.violations.push(...follower.problems);
  if (follower.events.at(-1)?.type !== "run.completed") return;
  entry.answer = [...follower.texts.values()].filter((text) => text !== "").join("\n\n");
}

function acknowledge(entry: LedgerEntry, runId: string): void {
  entry.isAcknowledged = true;
  entry.runIds.add(runId);
}

const headersOf = (entry: LedgerEntry | undefined, token: string) => ({
  Authorization: `Bearer ${token}`,
  "Content-Type": "application/json",
  "X-GoClaw-User-Id": "ada",
  ...(entry && isKeyed(entry) && { "Idempotency-Key": `key-${entry.plan.id}` }),
});
