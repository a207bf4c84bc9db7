import { join } from "node:path";
import type { ReplyToolCall } from "#testing/model-server/model-reply.ts";
import { type ModelServer, startModelServer } from "#testing/model-server.ts";
import {
  type CallOptions,
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from "#testing/test-gateway.ts";

/** The agent of every tenant, whose model calls what a test wants. */
export const AGENT = "scripted";

export interface ToolUse {
  readonly caller?: CallOptions;
  readonly agent?: string;
  readonly sessionKey?: string;
}

export interface ToolGateway extends TestGateway {
  readonly model: ModelServer;
  /** Makes an agent whose model is the scripted one in the caller's tenant, and answers its id. */
  anAgent(agentKey: string, caller?: CallOptions): Promise<string>;
  /** The directory of an agent's files. */
  workspaceOf(tenantId: string, agentId: string): string;
  /** Lets the agent make these calls, if any, in one turn, and answers the session and what the model read of them. */
  use(
    calls: readonly ReplyToolCall[],
    use?: ToolUse,
  ): Promise<{ readonly key: string; readonly results: readonly string[] }>;
  /** Lets the agent make one call. */
  useOne(name: string, input: object, use?: ToolUse): Promise<string>;
}

/** A gateway whose model makes the calls that a test wants. */
export async function startToolGateway(options: TestGatewayOptions = {}): Promise<ToolGateway> {
  const model = await startModelServer();
  const allowHosts = [`127.0.0.1:${model.port}`, ...(options.allowHosts ?? [])];
  const gateway = await startTestGateway({ ...options, allowHosts });
  const post = async (path: string, body: object, caller: CallOptions = {}) => {
    const answer = await gateway.call("POST", path, body, caller);
    if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  };
  const use: ToolGateway["use"] = async (toolCalls, { caller, agent = AGENT, sessionKey } = {}) => {
    if (toolCalls.length > 0) model.enqueue({ toolCalls });
    model.enqueue({ text: "done" });
    const body = { message: "go on", ...(sessionKey && { session_key: sessionKey }) };
    const { session_key } = await post(`/v1/agents/${agent}/wake`, body, caller);
    return { key: session_key, results: model.requests.at(-1)?.toolResults ?? [] };
  };
  return {
    ...gateway,
    model,
    async anAgent(agentKey, caller) {
      const provider = {
        name: agentKey,
        provider_type: "openai_compat",
        api_base: `${model.url}/v1`,
        api_key: "sk-test",
      };
      await post("/v1/providers", provider, caller);
      return (await post("/v1/agents", { agent_key: agentKey, provider: agentKey, model: "test-model" }, caller)).id;
    },
    workspaceOf: (tenantId, agentId) => join(gateway.home, "workspace", tenantId, agentId),
    use,
    useOne: async (name, input, options) => (await use([{ name, arguments: input }], options)).results[0] ?? "",
    async stop() {
      await gateway.stop();
      await model.stop();
    },
  };
}
