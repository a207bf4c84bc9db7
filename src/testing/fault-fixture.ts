import { MASTER_TENANT_ID } from "#base/ids.ts";
import { startChatGateway, type Wire } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import type { ModelReply } from "#testing/model-server.ts";
import type { TestDialect } from "#testing/test-database.ts";

const env = {
  GOCLAW_MODELS_MAX_ATTEMPTS: "3",
  GOCLAW_MODELS_FIRST_TOKEN_MS: "1000",
  GOCLAW_MODELS_IDLE_MS: "1000",
  GOCLAW_MODELS_CALL_MS: "3000",
};

/** An address on which no server listens. */
export const CLOSED_PORT = "127.0.0.1:1";

/** Starts a gateway for misbehaving models: it has short timeouts and makes three attempts. */
export async function startFaultGateway(dialect: TestDialect) {
  const gateway = await startChatGateway({ dialect, env, allowHosts: [CLOSED_PORT] });
  const { model, call } = gateway;
  const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
  let providers = 0;

  const sessionOf = async (agent: string): Promise<string> =>
    (await call("GET", `/v1/runs?agent_id=${agent}`)).body.runs[0].session_key;
  const readStored = async (session: string) => {
    const run = (await call("GET", `/v1/runs?session_key=${encodeURIComponent(session)}`)).body.runs[0];
    const { messages } = (await call("GET", `/v1/sessions/${encodeURIComponent(session)}/messages`)).body;
    const usage = await db.read.selectFrom("usage_records").selectAll().where("run_id", "=", run.id).execute();
    return { run, messages, usage };
  };

  return {
    stop: () => gateway.stop(),
    /**
     * Sends a chat to a new agent with a new provider. Returns the answer, the number of model calls and the stored
     * records.
     */
    async chat(wire: Wire, reply: ModelReply | (() => ModelReply), stream: boolean, providerSettings: object = {}) {
      const provider = `p${++providers}`;
      const provider_type = WIRES.find((known) => known.wire === wire)?.providerType;
      const settings = {
        name: provider,
        provider_type,
        api_base: `${model.url}/v1`,
        api_key: "sk",
        ...providerSettings,
      };
      await call("POST", "/v1/providers", settings);
      const agent = await gateway.anAgent(wire, { provider });
      const before = model.requests.length;
      model.script(typeof reply === "function" ? reply : () => reply);
      const body = { model: `goclaw:${agent}`, messages: [{ role: "user", content: "hello" }], stream };
      const answer = await call("POST", "/v1/chat/completions", body);
      const session = answer.headers.get("x-goclaw-session-key") ?? (await sessionOf(agent));
      return { answer, calls: model.requests.length - before, ...(await readStored(session)) };
    },
    /** Returns how many model calls had this outcome, according to the gateway's own metrics. */
    async failedCalls(outcome: string): Promise<number> {
      const { text } = await call("GET", "/metrics");
      const lines = text.split("\n").filter((line) => line.includes("model_calls_total{") && line.includes(outcome));
      return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
    },
  };
}

/** Returns the error in the last event of a stream. */
export const errorOf = (text: string) =>
  JSON.parse(text.trimEnd().split("\n\n").at(-1)?.replace("data: ", "") ?? "").error;

export const toCounts = (usage: { readonly input_tokens: number; readonly output_tokens: number }) => [
  usage.input_tokens,
  usage.output_tokens,
];
