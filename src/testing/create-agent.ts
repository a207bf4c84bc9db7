/** The gateway on which an agent is created. */
export interface GatewayAccess {
  readonly url: string;
  readonly token: string | (() => string);
}

export interface AgentOptions {
  /** The address of the scripted model server. */
  readonly modelUrl: string;
  /** The agent's key. Its provider has the same name. */
  readonly agent: string;
  readonly settings?: object;
}

/** Creates an agent that uses the scripted model. Returns the agent's id. */
export async function createAgent(
  { url, token }: GatewayAccess,
  { modelUrl, agent, settings }: AgentOptions,
): Promise<string> {
  const post = async (path: string, body: object): Promise<string> => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${typeof token === "string" ? token : token()}`,
        "Content-Type": "application/json",
        "X-GoClaw-User-Id": "ada",
      },
      body: JSON.stringify(body),
      keepalive: false,
    });
    if (response.status !== 201) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
    return ((await response.json()) as { id: string }).id;
  };
  const provider = { name: agent, provider_type: "openai_compat", api_base: `${modelUrl}/v1`, api_key: "sk-test" };
  await post("/v1/providers", provider);
  return post("/v1/agents", { agent_key: agent, provider: agent, model: "test-model", ...settings });
}
