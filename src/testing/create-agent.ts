/** Where an agent is made: any gateway with its token. */
export interface AgentSite {
  readonly url: string;
  readonly token: string | (() => string);
}

export interface AgentWish {
  /** Of the scripted model server. */
  readonly modelUrl: string;
  /** The agent's key; its provider has the same name. */
  readonly agent: string;
  readonly settings?: object;
}

/** Makes an agent whose model is the scripted one, and gives its id. */
export async function createAgent(
  { url, token }: AgentSite,
  { modelUrl, agent, settings }: AgentWish,
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
