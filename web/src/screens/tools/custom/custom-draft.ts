import type { InputOf } from "#client/index.ts";
import type { CustomTool } from "#web/screens/tools/custom/custom-tab.tsx";
import { formatObject, type JsonObject } from "#web/screens/tools/parts/parse-object.ts";
import { fromPairs, type SecretPair, toStoredPairs } from "#web/screens/tools/parts/secret-pairs.tsx";

/** A custom tool as its form holds it. */
export interface CustomDraft {
  readonly name: string;
  readonly description: string;
  readonly command: string;
  readonly shell: boolean;
  /** JSON. */
  readonly parameters: string;
  readonly effect: CustomTool["effect"];
  readonly agent_id: string;
  readonly working_dir: string;
  readonly timeout_seconds: string;
  readonly env: SecretPair[];
  readonly tags: string[];
  readonly requires: string[];
}

const EXAMPLE = { type: "object", properties: { host: { type: "string" } }, required: ["host"] };

/** Returns what the form begins with: the tool, or an example for a new one. */
export const toCustomDraft = (tool?: CustomTool): CustomDraft => ({
  name: tool?.name ?? "",
  description: tool?.description ?? "",
  command: tool?.command ?? "",
  shell: tool?.shell ?? false,
  parameters: formatObject(tool?.parameters ?? EXAMPLE),
  effect: tool?.effect ?? "once",
  agent_id: tool?.agent_id ?? "",
  working_dir: tool?.working_dir ?? "",
  timeout_seconds: String(tool?.timeout_seconds ?? 60),
  env: toStoredPairs(tool?.env_keys ?? []),
  tags: [...(tool?.tags ?? [])],
  requires: [...(tool?.requires ?? [])],
});

/** Returns what the gateway takes for a draft. */
export const fromCustomDraft = (draft: CustomDraft, parameters: JsonObject): InputOf<"tools.custom.create"> => ({
  ...draft,
  parameters,
  agent_id: draft.agent_id || null,
  working_dir: draft.working_dir || null,
  timeout_seconds: Number(draft.timeout_seconds),
  env: fromPairs(draft.env),
});
