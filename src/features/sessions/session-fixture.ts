import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { MessageList } from "#features/sessions/schema.ts";
import { OWNER } from "#features/tenants/tenant-fixture.ts";
import { startModelServer } from "#testing/model-server.ts";
import type { TestDialect } from "#testing/test-database.ts";
import { type Answer, type CallOptions, startTestGateway } from "#testing/test-gateway.ts";

export const AGENT = "scripted";

/** Returns the path of a session, or of a resource below it. */
export const pathOf = (key: string, part = "") => `/v1/sessions/${encodeURIComponent(key)}${part}`;

/** Starts a gateway whose agent `scripted` is open to every user. Its model echoes until a test scripts it. */
export async function startSessionGateway(dialect: TestDialect) {
  const model = await startModelServer();
  const gateway = await startTestGateway({ dialect, allowHosts: [`127.0.0.1:${model.port}`] });
  const { call } = gateway;
  const postOrThrow = async (path: string, body: object, options: CallOptions = {}): Promise<Answer> => {
    const answer = await call("POST", path, body, options);
    if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`);
    return answer;
  };
  const provider = { name: AGENT, provider_type: "openai_compat", api_base: `${model.url}/v1`, api_key: "sk-test" };
  await postOrThrow("/v1/providers", provider, OWNER);
  const agent = { agent_key: AGENT, display_name: "Scripted", provider: AGENT, model: "test-model", is_default: true };
  await postOrThrow("/v1/agents", agent, OWNER);

  return {
    ...gateway,
    model,
    db: gateway.gateway.database.forTenant(MASTER_TENANT_ID),
    /** Sends a message to the session with this key, or to a new one. Returns the session key. */
    async say(message: string, session_key?: string, options: CallOptions = {}): Promise<string> {
      const body = { message, ...(session_key && { session_key }) };
      return (await postOrThrow(`/v1/agents/${AGENT}/wake`, body, options)).body.session_key;
    },
    /** Returns the first 200 messages of a session's transcript. */
    async messagesOf(key: string, options: CallOptions = {}): Promise<MessageList["messages"]> {
      return (await call("GET", pathOf(key, "/messages?limit=200"), undefined, options)).body.messages;
    },
    /** Returns the messages of the last model request, without the system prompt. */
    lastTurns: () => (model.requests.at(-1)?.messages ?? []).filter(({ role }) => role !== "system"),
    async stopAll() {
      await gateway.stop();
      await model.stop();
    },
  };
}

/** Returns the text of each message. */
export const textsOf = (messages: MessageList["messages"]) =>
  messages.map(({ parts }) => parts.map((part) => ("text" in part ? part.text : "")).join(""));
