import { MASTER_TENANT_ID } from "#base/ids.ts";
import { requireWholeTurns } from "#runtime/transcript/append-messages.ts";
import { type Message, textOf } from "#runtime/transcript/message-parts.ts";
import { readTranscript } from "#runtime/transcript/transcript.ts";
import { createAgent } from "#testing/create-agent.ts";
import { type ModelServer, startModelServer } from "#testing/model-server.ts";
import type { WireEvent } from "#testing/run-follower.ts";
import {
  type Answer,
  startTestGateway,
  TEST_USER,
  type TestGateway,
  type TestGatewayOptions,
} from "#testing/test-gateway.ts";

/** A run as the API returns it, with the fields that tests use. */
export interface RunAnswer {
  readonly id: string;
  readonly status: string;
  readonly session_key: string;
  readonly attempt: number;
  readonly output?: string;
  readonly error?: { readonly code: string; readonly details?: { readonly reason?: string } };
}

export interface RunGateway extends TestGateway {
  readonly model: ModelServer;
  readonly headers: Readonly<Record<string, string>>;
  /** Starts a run in the background. */
  start(input: string, extra?: object): Promise<Answer>;
  runOf(id: string): Promise<RunAnswer>;
  /** Polls a run until `matches` accepts it. */
  until(id: string, matches: (run: RunAnswer) => boolean): Promise<RunAnswer>;
  waitForEnd(id: string): Promise<RunAnswer>;
  /** Returns the stored events and the unfinished text, as they are now. */
  eventsOf(id: string): Promise<readonly WireEvent[]>;
  /** Returns the session's transcript. Throws if its turns are not whole. */
  transcriptOf(sessionKey: string): Promise<readonly Message[]>;
}

/** The key of the agent with the scripted model. */
export const AGENT = "scripted";

const OPEN = ["queued", "running", "waiting"];

/** Starts a gateway with the agent `scripted`, whose model is a scripted server. */
export async function startRunGateway(
  options: TestGatewayOptions = {},
  agentSettings: object = {},
): Promise<RunGateway> {
  const model = await startModelServer();
  const allowHosts = [`127.0.0.1:${model.port}`, ...(options.allowHosts ?? [])];
  const gateway = await startTestGateway({ ...options, allowHosts });
  await createAgent(gateway, { modelUrl: model.url, agent: AGENT, settings: agentSettings });
  const runOf = async (id: string): Promise<RunAnswer> => (await gateway.call("GET", `/v1/runs/${id}`)).body;
  const until = async (id: string, matches: (run: RunAnswer) => boolean) => {
    let run = await runOf(id);
    for (; !matches(run); run = await runOf(id)) await Bun.sleep(5);
    return run;
  };
  return {
    ...gateway,
    model,
    headers: { Authorization: `Bearer ${gateway.token}`, "X-GoClaw-User-Id": TEST_USER },
    start: (input, extra = {}) => gateway.call("POST", `/v1/agents/${AGENT}/runs`, { input, ...extra }),
    runOf,
    until,
    waitForEnd: (id) => until(id, ({ status }) => !OPEN.includes(status)),
    async eventsOf(id) {
      const headers = { Accept: "application/json" };
      return (await gateway.call("GET", `/v1/runs/${id}/events`, undefined, { headers })).body.events;
    },
    async transcriptOf(sessionKey) {
      const { read } = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
      const session = await read
        .selectFrom("sessions")
        .select("head_id")
        .where("key", "=", sessionKey)
        .executeTakeFirst();
      const transcript = await readTranscript(read, session?.head_id ?? null);
      requireWholeTurns([], transcript);
      return transcript;
    },
    async stop() {
      await model.stop();
      await gateway.stop();
    },
  };
}

/** Summarizes the messages of a transcript, such as `user: hello`. */
export const inShort = (transcript: readonly Message[]): readonly string[] =>
  transcript.map(({ role, parts }) => `${role}: ${textOf(parts)}`);
