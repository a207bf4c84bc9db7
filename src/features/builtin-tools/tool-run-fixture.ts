import { join } from "node:path";
import type { ReplyToolCall } from "#testing/model-server/model-reply.ts";
import { type ModelServer, startModelServer } from "#testing/model-server.ts";
import { ownWorkspace } from "#testing/own-workspace.ts";
import {
  type CallOptions,
  startTestGateway,
  TEST_USER,
  type TestGateway,
  type TestGatewayOptions,
} from "#testing/test-gateway.ts";

/** The key of the agent that tests create in each tenant. Its model makes the calls that the test scripts. */
export const AGENT = "scripted";

export interface ToolUse {
  readonly caller?: CallOptions;
  readonly agent?: string;
  readonly sessionKey?: string;
}

export interface ToolGateway extends TestGateway {
  readonly model: ModelServer;
  /** Creates an agent with the scripted model in the caller's tenant. Returns its id. */
  anAgent(agentKey: string, caller?: CallOptions): Promise<string>;
  /** Returns the directory in which an agent works for a user. */
  workspaceOf(tenantId: string, agentId: string, userId?: string): string;
  /** Lets the agent make these calls in one turn. Returns the session key and the results that the model read. */
  use(
    calls: readonly ReplyToolCall[],
    use?: ToolUse,
  ): Promise<{ readonly key: string; readonly results: readonly string[] }>;
  /** Lets the agent make one call. Returns the result that the model read. */
  useOne(name: string, input: object, use?: ToolUse): Promise<string>;
}

/** Starts a gateway whose model makes the calls that a test scripts. */
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
    workspaceOf: (tenantId, agentId, userId = TEST_USER) =>
      join(gateway.home, "workspace", tenantId, agentId, ownWorkspace(userId)),
    use,
    useOne: async (name, input, options) => (await use([{ name, arguments: input }], options)).results[0] ?? "",
    async stop() {
      await gateway.stop();
      await model.stop();
    },
  };
}
