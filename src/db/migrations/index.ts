import { initial } from "#db/migrations/0001-initial.ts";
import { builtinToolSettings } from "#db/migrations/0002-builtin-tool-settings.ts";
import { fewerIndexEntries } from "#db/migrations/0003-fewer-index-entries.ts";
import { openRunsByEnd } from "#db/migrations/0004-open-runs-by-end.ts";
import { eventsByTransaction } from "#db/migrations/0005-events-by-transaction.ts";
import { runsByReader } from "#db/migrations/0006-runs-by-reader.ts";
import { jobs } from "#db/migrations/0007-jobs.ts";
import { agentInstances } from "#db/migrations/0008-agent-instances.ts";
import { runAnsweredBy } from "#db/migrations/0009-run-answered-by.ts";
import { providerApiKeys } from "#db/migrations/0010-provider-api-keys.ts";
import { refusedMessages } from "#db/migrations/0011-refused-messages.ts";
import { identitiesInNfc } from "#db/migrations/0012-identities-in-nfc.ts";
import { nodes } from "#db/migrations/0014-nodes.ts";
import { domainEvents } from "#db/migrations/0015-domain-events.ts";
import type { Migration } from "#db/migrations/migration.ts";
import { customTools } from "#db/migrations/resources/0016-custom-tools.ts";
import { mcp } from "#db/migrations/resources/0017-mcp.ts";
import { skills } from "#db/migrations/resources/0018-skills.ts";
import { agentSummons } from "#db/migrations/resources/0019-agent-summons.ts";
import { memory } from "#db/migrations/resources/0020-memory.ts";
import { media } from "#db/migrations/resources/0021-media.ts";
import { delegation } from "#db/migrations/resources/0022-delegation.ts";
import { usage } from "#db/migrations/resources/0024-usage.ts";
import { channelInstances } from "#db/migrations/resources/0026-channel-instances.ts";
import { channelMessages } from "#db/migrations/resources/0027-channel-messages.ts";
import { activityChain } from "#db/migrations/resources/0028-activity-chain.ts";
import { memoryVectors } from "#db/migrations/resources/0030-memory-vectors.ts";
import { usageUsers } from "#db/migrations/resources/0031-usage-users.ts";
import { devices } from "#db/migrations/resources/0040-devices.ts";
import { logins } from "#db/migrations/resources/0041-logins.ts";
import { mediaRecent } from "#db/migrations/resources/0043-media-recent.ts";
import { channelOutbox } from "#db/migrations/resources/0044-channel-outbox.ts";
import { memorySignBlocks } from "#db/migrations/resources/0045-memory-sign-blocks.ts";
import { usageVisits } from "#db/migrations/resources/0048-usage-visits.ts";
import { responses } from "#db/migrations/runs/0023-responses.ts";
import { traces } from "#db/migrations/runs/0025-traces.ts";
import { messageBlobs } from "#db/migrations/runs/0029-message-blobs.ts";
import { toolCallImages } from "#db/migrations/runs/0034-tool-call-images.ts";
import { traceState } from "#db/migrations/runs/0036-trace-state.ts";
import { runInput } from "#db/migrations/runs/0042-run-input.ts";
import { sessionTexts } from "#db/migrations/runs/0046-session-texts.ts";
import { sessionsByText } from "#db/migrations/runs/0047-sessions-by-text.ts";
import { messagePieces } from "#db/migrations/runs/0049-message-pieces.ts";

/** All migrations, in the order in which they are applied. */
export const MIGRATIONS: readonly Migration[] = [
  initial,
  builtinToolSettings,
  fewerIndexEntries,
  openRunsByEnd,
  eventsByTransaction,
  runsByReader,
  jobs,
  agentInstances,
  runAnsweredBy,
  providerApiKeys,
  refusedMessages,
  identitiesInNfc,
  nodes,
  domainEvents,
  customTools,
  mcp,
  skills,
  agentSummons,
  memory,
  media,
  delegation,
  responses,
  usage,
  traces,
  channelInstances,
  channelMessages,
  activityChain,
  messageBlobs,
  memoryVectors,
  usageUsers,
  toolCallImages,
  traceState,
  devices,
  logins,
  runInput,
  mediaRecent,
  channelOutbox,
  memorySignBlocks,
  sessionTexts,
  sessionsByText,
  usageVisits,
  messagePieces,
];
