import { absentFeature } from "#features/absent/feature.ts";
import { activityFeature } from "#features/activity/feature.ts";
import { agentFeature } from "#features/agents/index.ts";
import { apiKeyFeature } from "#features/api-keys/index.ts";
import { builtinToolFeature } from "#features/builtin-tools/index.ts";
import { channelFeature } from "#features/channels/index.ts";
import { chatFeature } from "#features/chat/feature.ts";
import { configurationFeature } from "#features/configuration/feature.ts";
import { customToolFeature } from "#features/custom-tools/feature.ts";
import type { Feature } from "#features/define-feature.ts";
import { delegationFeature } from "#features/delegation/feature.ts";
import { deviceFeature } from "#features/devices/index.ts";
import { eventFeature } from "#features/events/feature.ts";
import { fileFeature } from "#features/files/index.ts";
import { gatewayFeature } from "#features/gateway/index.ts";
import { instanceFeature } from "#features/instances/feature.ts";
import { jobFeature } from "#features/jobs/feature.ts";
import { liveChatFeature } from "#features/live-chat/feature.ts";
import { loginFeature } from "#features/logins/index.ts";
import { mcpFeature } from "#features/mcp/index.ts";
import { mediaFeature } from "#features/media/index.ts";
import { memoryFeature } from "#features/memory/index.ts";
import { providerFeature } from "#features/providers/index.ts";
import { responseFeature } from "#features/responses/feature.ts";
import { runFeature } from "#features/runs/index.ts";
import { sessionFeature } from "#features/sessions/index.ts";
import { skillFeature } from "#features/skills/index.ts";
import { tenantFeature } from "#features/tenants/index.ts";
import { toolCallFeature } from "#features/tool-calls/feature.ts";
import { traceFeature } from "#features/traces/feature.ts";
import { usageFeature } from "#features/usage/index.ts";

/** Every feature of the gateway. The order is that of the API document. */
export const features: readonly Feature[] = [
  gatewayFeature,
  tenantFeature,
  apiKeyFeature,
  loginFeature,
  providerFeature,
  agentFeature,
  instanceFeature,
  runFeature,
  chatFeature,
  responseFeature,
  liveChatFeature,
  sessionFeature,
  builtinToolFeature,
  customToolFeature,
  toolCallFeature,
  delegationFeature,
  skillFeature,
  fileFeature,
  mediaFeature,
  mcpFeature,
  memoryFeature,
  usageFeature,
  traceFeature,
  channelFeature,
  deviceFeature,
  activityFeature,
  jobFeature,
  eventFeature,
  configurationFeature,
  absentFeature,
];
