import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { MessageList } from "#features/sessions/schema.ts";
import { OWNER } from "#features/tenants/tenant-fixture.ts";
import { startModelServer } from "#testing/model-server.ts";
import type { TestDialect } from "#testing/test-database.ts";
import { type Answer, type CallOptions, startTestGateway } from "#testing/test-gateway.ts";

export const AGENT = "scripted";

/** Where a session, or something of it, is served. */
export const at = (key: string, part = "") => `/v1/sessions/${encodeURIComponent(key)}${part}`;

/** A gateway whose agent `scripted` everybody may use; its model echoes until a test scripts it. */
export async function startSessionGateway(dialect: TestDialect) {
  const model = await startModelServer();
  const gateway = await startTestGateway({ dialect, allowHosts: [`127.0.0.1:${model.port}`] });
  const { call } = gateway;
  const must = async (path: string, body: object, options: CallOptions = {}): Promise<Answer> => {
    const answer = await call("POST", path, body, options);
    if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`);
    return answer;
  };
  const provider = { name: AGENT, provider_type: "openai_compat", api_base: `${model.url}/v1`, api_key: "sk-test" };
  await must("/v1/providers", provider, OWNER);
  const agent = { agent_key: AGENT, display_name: "Scripted", provider: AGENT, model: "test-model", is_default: true };
  await must("/v1/agents", agent, OWNER);

  return {
    ...gateway,
    model,
    db: gateway.gateway.database.forTenant(MASTER_TENANT_ID),
    /** Says something in a session, a new one unless its key is given, and answers the key. */
    async say(message: string, session_key?: string, options: CallOptions = {}): Promise<string> {
      const body = { message, ...(session_key && { session_key }) };
      return (await must(`/v1/agents/${AGENT}/wake`, body, options)).body.session_key;
    },
    /** The first page of a session's transcript. */
    async messagesOf(key: string, options: CallOptions = {}): Promise<MessageList["messages"]> {
      return (await call("GET", at(key, "/messages?limit=200"), undefined, options)).body.messages;
    },
    /** What the model was sent last, without the system prompt. */
    lastTurns: () => (model.requests.at(-1)?.messages ?? []).filter(({ role }) => role !== "system"),
    async stopAll() {
      await gateway.stop();
      await model.stop();
    },
  };
}

/** The texts of a transcript, in order. */
export const textsOf = (messages: MessageList["messages"]) =>
  messages.map(({ parts }) => parts.map((part) => ("text" in part ? part.text : "")).join(""));
