import { randomHex } from "#base/ids.ts";
import type { Ledger, LedgerEntry, Manner } from "#testing/crash/ledger.ts";
import { type PlannedCall, toPrompt } from "#testing/crash/planned-model.ts";
import { readChatStream } from "#testing/read-chat-stream.ts";
import { RunFollower } from "#testing/run-follower.ts";

export interface CrashClientOptions {
  readonly url: string;
  readonly token: string;
  readonly agent: string;
  readonly ledger: Ledger;
  /** A session that several clients write to at the same time. */
  readonly sharedSession: () => string;
  readonly isStopping: () => boolean;
}

const MANNERS: readonly Manner[] = ["plain", "plain", "keyed", "keyed", "detached", "keyed detached"];
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

/** Sends one message after the other until it is told to stop, through every death of the server. */
export async function runCrashClient(options: CrashClientOptions): Promise<void> {
  while (!options.isStopping()) {
    const entry = newEntry(options);
    options.ledger.entries.push(entry);
    if (entry.manner === "plain" || entry.manner === "keyed") await chat(entry, options);
    else await startAndFollow(entry, options);
  }
}

function newEntry({ sharedSession }: CrashClientOptions): LedgerEntry {
  const steps = Array.from({ length: Math.floor(Math.random() * 3) }, () => pick(STEPS));
  return {
    plan: { id: `m-${randomHex(6)}`, steps, words: 5 + Math.floor(Math.random() * 25) },
    manner: pick(MANNERS),
    isStreamed: happens(0.7),
    sessionKey: happens(0.6) ? sharedSession() : undefined,
    runIds: new Set(),
    isAcknowledged: false,
    hasLeft: false,
  };
}

const isKeyed = ({ manner }: LedgerEntry) => manner === "keyed" || manner === "keyed detached";

/** With a key the same request goes out until it is answered; without one, once. */
async function chat(entry: LedgerEntry, options: CrashClientOptions): Promise<void> {
  do {
    const outcome = await chatOnce(entry, options).catch(() => "lost" as const);
    if (outcome === "answered") return;
    await Bun.sleep(RETRY_MS);
  } while (isKeyed(entry));
}

async function chatOnce(entry: LedgerEntry, { url, token, agent }: CrashClientOptions): Promise<"answered" | "lost"> {
  const leaving = new AbortController();
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
    signal: leaving.signal,
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
  if (entry.manner === "plain" && happens(0.08)) {
    entry.hasLeft = true;
    leaving.abort();
    return "answered";
  }
  const { text, isDone, errorCode } = await readChatStream(response);
  if (errorCode !== undefined) entry.errorCode = errorCode;
  else if (isDone) entry.answer = text;
  return isDone || (errorCode !== undefined && errorCode !== "UNAVAILABLE") ? "answered" : "lost";
}

/** Server faults and refusals for the moment are asked again, as their code advises. */
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
  // The status says that the run is durable, even when the body does not arrive any more.
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
