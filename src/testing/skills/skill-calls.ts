import { aSkillZip, toUpload } from "#testing/skills/skill-archive.ts";
import type { TestGateway } from "#testing/test-gateway.ts";

/** Returns calls that tests of skills often make. */
export function skillCalls({ call }: Pick<TestGateway, "call">) {
  const upload = (archive: Uint8Array<ArrayBuffer>, options = {}) =>
    call("POST", "/v1/skills/upload", toUpload(archive), options);
  return {
    upload,
    /** Uploads a skill and returns its id. */
    aSkill: async (name: string, files = {}): Promise<string> => (await upload(aSkillZip({ name }, files))).body.id,
    /** Makes an agent and returns its id. */
    anAgent: async (agent_key: string): Promise<string> =>
      (await call("POST", "/v1/agents", { agent_key, provider: "demo", model: "demo" })).body.id,
    statusOf: async (method: string, path: string, body?: unknown, options = {}): Promise<number> =>
      (await call(method, path, body, options)).status,
  };
}
