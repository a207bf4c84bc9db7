import { CHANNEL_LIMITS } from "#base/channel-limits.ts";
import { DAY, HOUR, MINUTE, SECOND } from "#base/clock.ts";
import { DEVICE_LIMITS } from "#base/limit-groups/device-limits.ts";
import { LOGIN_LIMITS } from "#base/limit-groups/login-limits.ts";
import { MEMORY_LIMITS } from "#base/limit-groups/memory-limits.ts";
import { REPORT_LIMITS } from "#base/limit-groups/report-limits.ts";
import { SOCKET_LIMITS } from "#base/limit-groups/socket-limits.ts";

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** The limits of the gateway. Sizes are in bytes and times in milliseconds, unless name or comment say otherwise. */
export const LIMITS = {
  jsonBody: 1 * MIB,
  chatBody: 20 * MIB,
  agentUpdateBody: 64 * KIB,
  /** Total size of the request bodies that are read or wait until their calls are stored. */
  bodiesInFlight: 256 * MIB,
  /** Maximum nesting of JSON, counting both arrays and objects. */
  jsonDepth: 100,
  /** Maximum number of values and keys in one JSON text. Each costs far more memory than its text. */
  jsonValues: 100_000,
  /** Maximum size of metadata, as JSON text. */
  metadataBytes: 16 * KIB,
  /** Maximum size of a JSON Schema in a request, as JSON text. */
  schemaBytes: 256 * KIB,
  /** Maximum length of a run's options as JSON: its instructions, the caller's tools and what the answer has to be like. */
  runOptionsChars: 4 * MIB,
  /** Maximum number of parts of one message in a request. */
  messageParts: 1_000,
  /** The text of the configuration file, as it is sent. */
  configChars: 128 * KIB,
  headerCount: 100,
  urlLength: 8 * KIB,
  userIdBytes: 255,
  sessionKeyBytes: 512,
  idempotencyKeyLength: 255,
  idempotencyAnswer: 1 * MIB,
  idempotencyKept: 1 * DAY,
  /** How long a duplicate request waits for the response of the first. */
  idempotencyWait: 60 * SECOND,
  listDefault: 20,
  longListDefault: 50,
  listMax: 200,
  /** A text that the names of a list are searched for. */
  searchChars: 200,
  /** How long a write waits while another program holds a lock on the SQLite file. */
  databaseLockWait: 1_500,
  /** Maximum number of agents in one answer. Their list has no pages unless its caller asks for them. */
  agentsMax: 1_000,
  /** The size of a page after which no further item is added. A page has at least one item. */
  pageBytes: 4 * MIB,
  sessionQueue: 10,
  /** Maximum number of queued steering messages per run. */
  steeringQueue: 5,
  /** Maximum number of messages in one chat request. */
  chatMessages: 2_000,
  runWallTime: 10 * MINUTE,
  runAttempts: 3,
  runEventsPage: 500,
  parallelReadTools: 4,
  /** A run ends after this many consecutive turns with tool arguments that are not JSON. */
  brokenCallsInARow: 3,
  /** How long a tool may take to end after it was stopped. */
  toolGrace: 3 * SECOND,
  leaseTime: 30 * SECOND,
  /** How often a process renews its leases and looks for runs without a lease. */
  leaseRenewal: 5 * SECOND,
  /** How long a stopping gateway lets attached runs continue. */
  drainTime: 20 * SECOND,
  sseHeartbeat: 15 * SECOND,
  /** The gateway drops a client that reads nothing of its answer for this long. */
  readerStall: 60 * SECOND,
  keyCacheTime: 5 * MINUTE,
  keyCacheEntries: 10_000,
  agentCacheTime: 2 * SECOND,
  rateBurst: 5,
  rateIdle: 10 * MINUTE,
  rateSweep: 5 * MINUTE,
  spanFlush: 1 * SECOND,
  spanBuffer: 10_000,
  modelRetryDelay: 30 * SECOND,
  /** Timeout of one call that tests a provider. */
  providerTrial: 30 * SECOND,
  /** Timeout of one call of the model that writes an agent's files. */
  summonCall: 5 * MINUTE,
  /** The description or the prompt from which an agent's files are written. */
  summonWishChars: 20_000,
  previewChars: 500,
  /** A context file as it is stored. The prompt shows less of it. */
  agentFileChars: 100_000,
  contextFileChars: 20_000,
  /** Total of all context files of an agent. */
  contextFilesChars: 24_000,
  execTime: 60 * SECOND,
  execTimeMax: 1 * HOUR,
  execOutputChars: 30_000,
  execCommandChars: 10_000,
  /** Both outputs of one process together. A process that writes more is killed. */
  processOutputBytes: 64 * MIB,
  customToolsPerTenant: 1_000,
  customToolDescriptionChars: 4_000,
  customToolVariableChars: 16_384,
  /** Total of the environment variables of a custom tool, as JSON text. */
  customToolEnvironmentBytes: 64 * KIB,
  /** Maximum size of the arguments of a tool call by a client, as JSON text. */
  toolArgumentsBytes: 512 * KIB,
  /** How long a tool call by a client may take. */
  toolCallTime: 10 * MINUTE,
  /** The number up to which entries of the activity log are counted. */
  activityCounted: 10_000,
  agentLinksPerTenant: 1_000,
  delegationTaskChars: 32_000,
  /** How long a run waits for a task that it handed on, unless the call says otherwise. */
  delegationWait: 5 * MINUTE,
  delegationWaitMax: 10 * MINUTE,
  /** How many agents may stand one below the other. */
  delegationDepth: 5,
  /** Copies of an agent that work for one conversation at the same time. */
  spawnedAtOnce: 8,
  /** Tasks that one run may hand on. */
  delegationsPerRun: 30,
  /** Tasks that are out to one agent at the same time, unless its settings say otherwise. */
  delegationLoad: 5,
  /** Maximum size of one tool result that the model reads, in characters. */
  toolResultChars: 64 * KIB,
  /** Images of one tool result that the model sees. */
  toolResultImages: 5,
  /** Images of tool results in one request to a model. The oldest are left out, several at once. */
  requestResultImages: 16,
  requestResultImageBytes: 12 * MIB,
  resultImagesLeftOutAtOnce: 4,
  workspaceFile: 10 * MIB,
  readFileChars: 50_000,
  listedFiles: 1_000,
  historyMessageChars: 4_000,
  historyChars: 60_000,
  webFetchTime: 30 * SECOND,
  webFetchBytes: 2 * MIB,
  webFetchChars: 60_000,
  webFetchRedirects: 3,
  webCacheTime: 15 * MINUTE,
  webCacheEntries: 100,
  webSearchTime: 20 * SECOND,
  webSearchBytes: 2 * MIB,
  /** The size of a document that can be turned into text, in bytes; the same with its archive unpacked. */
  documentBytes: 50 * MIB,
  documentUnpackedBytes: 100 * MIB,
  documentEntries: 10_000,
  /** The text of a document is cut to this many characters. */
  documentChars: 2_000_000,
  /** How long one document may take. */
  documentTime: 30 * SECOND,
  /** By how much the gateway's memory may grow while a document is read, in bytes. */
  documentMemory: 768 * MIB,
  documentsWaiting: 20,
  documentsWaitingPerTenant: 10,
  /** Timeout of one page in the thread that converts HTML to text. */
  htmlConversion: 5 * SECOND,
  /** Pages that wait for a thread. Each holds up to `webFetchBytes`. */
  htmlWaiting: 40,
  /** Pages of one tenant that wait for a thread. */
  htmlWaitingPerTenant: 20,
  /** Maximum number of entries in the archive of a skill. */
  skillEntries: 2_000,
  /** Total of a skill's files, unpacked. A higher limit of uploads raises it. */
  skillUnpackedBytes: 100 * MIB,
  skillsPerTenant: 1_000,
  /** Maximum size of SKILL.md. */
  skillFileBytes: 100 * KIB,
  skillNameChars: 200,
  skillDescriptionChars: 4_000,
  /** What a multipart body has beside its file. */
  skillFormBytes: 1 * MIB,
  /** Timeout of one archive in the thread that checks and unpacks it. */
  skillUnpacking: 30 * SECOND,
  skillsWaiting: 40,
  skillsWaitingPerTenant: 20,
  /** The most skills that a prompt lists. Agents with more search for them. */
  promptSkills: 60,
  /** Total of a prompt's list of skills, in characters: about 3,000 tokens. */
  promptSkillsChars: 12_000,
  promptSkillDescriptionChars: 200,
  /** Maximum size of SKILL.md as the model reads it at once, in characters. */
  usedSkillChars: 50_000,
  /** Timeout of one request body in the thread that parses JSON. */
  jsonParsing: 10 * SECOND,
  /** How long a signed link to a file is valid. */
  fileLinkTime: 1 * DAY,
  /** Links that are signed in one answer. Further ones stay as they are. */
  signedLinks: 200,
  /** Maximum size of the body of an upload of a file. */
  uploadBody: 50 * MIB,
  formParts: 100,
  /** Maximum size of the headers of one part of a form. */
  formHeaderBytes: 16 * KIB,
  /** Maximum size of a field of a form that is no file. */
  formFieldBytes: 64 * KIB,
  fileNameBytes: 200,
  filePathChars: 4_096,
  listedWorkspaceFiles: 5_000,
  /** Maximum size of a file whose text an answer holds. */
  shownFileBytes: 1 * MIB,
  imageBytes: 10 * MIB,
  imagesPerRequest: 50,
  /** Maximum size of one line of a model's stream, in characters. A line may hold a whole image. */
  sseLine: 16 * MIB,
  /** Total of text, reasoning and tool arguments of one model call, in characters. */
  modelOutputChars: 2 * MIB,
  /** Maximum size of a model response that arrives as one document, in characters. */
  modelDocumentChars: 16 * MIB,
  modelErrorBody: 64 * KIB,
  /** Maximum size of a provider's own words about a failure, in characters. */
  providerMessageChars: 500,
  /** How long a call waits for its token usage after the model has stopped. */
  modelUsageWait: 5 * SECOND,
  /** Maximum number of tool calls in one model turn. */
  modelToolCalls: 128,
  /** Maximum number of texts in one embeddings call. */
  embeddingTexts: 2_048,
  modelListWait: 10 * SECOND,
  listedModels: 2_000,
  egressConnect: 10 * SECOND,
  /** Maximum configurable time of a model call, and of each silence in it. */
  modelCall: 24 * HOUR,
  /** Model calls have limits of their own. Egress ends those that last longer than any of these. */
  egressModelCall: 25 * HOUR,
  egressIdle: 200 * SECOND,
  egressTotal: 10 * MINUTE,
  egressBody: 32 * MIB,
  egressRedirects: 5,
  /** Tools of one MCP server. Further ones are left out. */
  /** Images and files of one answer of an MCP server that are kept. */
  mcpAttachments: 20,
  mcpTools: 1_000,
  /** Pages of one list of tools. */
  mcpListPages: 100,
  /** Maximum size of the JSON Schema of one MCP tool, as JSON text. A tool with a larger one is left out. */
  mcpSchemaChars: 64 * KIB,
  mcpSchemaDepth: 40,
  mcpDescriptionChars: 4_000,
  /** Maximum size of one message of an MCP server. */
  mcpMessageBytes: 5 * MIB,
  /** Maximum number of values and keys in one message of an MCP server. */
  mcpMessageValues: 500_000,
  /** Messages beside answers that an MCP server may send in `mcpFloodTime`. */
  mcpFloodMessages: 2_000,
  mcpFloodTime: 10 * SECOND,
  /** How long an MCP server may take to start and to shake hands. */
  mcpConnect: 30 * SECOND,
  mcpListTime: 30 * SECOND,
  /** How long a closing connection waits for its server to end the session. */
  mcpSessionEnd: 1 * SECOND,
  /** How long a run waits for tools that no earlier run has listed. */
  mcpListWait: 5 * SECOND,
  /** The shortest time between two lists of tools that a server's report of a change causes. */
  mcpRelistPause: 1 * SECOND,
  /** The timeout of a call where the server sets none. Progress of the call begins it anew, up to `mcpCallTotal`. */
  mcpCall: 60 * SECOND,
  mcpCallTotal: 1 * HOUR,
  /** What a server says of a call under way is cut to this many characters. */
  mcpProgressChars: 500,
  /** A connection without calls is closed after this long. */
  mcpIdle: 10 * MINUTE,
  /** How often open connections are checked. */
  mcpHealthCheck: 30 * SECOND,
  /** The first and the longest pause before a failed server is tried again. */
  mcpRetryDelay: 2 * SECOND,
  mcpRetryDelayMax: 1 * MINUTE,
  mcpConnections: 500,
  mcpConnectionsPerTenant: 100,
  /** Tools that one search of deferred tools finds. */
  toolSearchResults: 10,
  /** Decisions about the tools of one agent that are kept for its users. */
  toolDecisionsPerAgent: 32,
  ...CHANNEL_LIMITS,
  /** Domain events that wait for one subscriber. */
  eventQueue: 1_000,
  /** A blob that nothing names stays for this long, because the row that will name it may be on its way. */
  blobGrace: 2 * DAY,
  sweepInterval: 1 * HOUR,
  /** Jobs that one process works on at the same time. */
  jobsAtOnce: 6,
  /** Jobs of one tenant at the same time, so that slow ones leave room for other tenants. */
  jobsPerTenant: 4,
  /** How often a process looks for due jobs. */
  jobPoll: 5 * SECOND,
  /** The longest pause before a failed job is tried again. */
  jobRetryDelay: 1 * HOUR,
  ...MEMORY_LIMITS,
  ...REPORT_LIMITS,
  ...SOCKET_LIMITS,
  ...DEVICE_LIMITS,
  ...LOGIN_LIMITS,
} as const;
