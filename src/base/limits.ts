import { DAY, HOUR, MINUTE, SECOND } from "#base/clock.ts";

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** Every bound of the gateway in one place. Sizes are bytes and times milliseconds unless the name says otherwise. */
export const LIMITS = {
  jsonBody: 1 * MIB,
  chatBody: 20 * MIB,
  agentUpdateBody: 64 * KIB,
  /** Nesting of JSON, arrays and objects together. */
  jsonDepth: 100,
  headerCount: 100,
  urlLength: 8 * KIB,
  userIdBytes: 255,
  idempotencyKeyLength: 255,
  idempotencyAnswer: 1 * MIB,
  idempotencyKept: 1 * DAY,
  /** How long a duplicate waits for the first call's answer. */
  idempotencyWait: 60 * SECOND,
  listDefault: 20,
  listMax: 200,
  sessionQueue: 10,
  /** Messages that wait to steer one run. */
  steeringQueue: 5,
  /** Messages of one chat request. */
  chatMessages: 2_000,
  runWallTime: 10 * MINUTE,
  runAttempts: 3,
  runEventsPage: 500,
  parallelReadTools: 4,
  /** Turns in a row with tool arguments that are no JSON, after which a run ends. */
  brokenCallsInARow: 3,
  /** How long a stopped tool may take to end. */
  toolGrace: 3 * SECOND,
  leaseTime: 30 * SECOND,
  /** How often a process renews its leases and looks for runs that nobody holds. */
  leaseRenewal: 5 * SECOND,
  /** How long a stopping gateway lets attached runs go on. */
  drainTime: 20 * SECOND,
  sseHeartbeat: 15 * SECOND,
  /** A client that takes no byte of its stream for this long is given up. */
  sseStall: 30 * SECOND,
  keyCacheTime: 5 * MINUTE,
  keyCacheEntries: 10_000,
  agentCacheTime: 2 * SECOND,
  rateBurst: 5,
  rateIdle: 10 * MINUTE,
  rateSweep: 5 * MINUTE,
  spanFlush: 1 * SECOND,
  spanBuffer: 10_000,
  modelRetryDelay: 30 * SECOND,
  /** For one call that tries a provider. */
  providerTrial: 30 * SECOND,
  previewChars: 500,
  titlesAtOnce: 2,
  titlesWaiting: 100,
  contextFileChars: 20_000,
  /** All context files of an agent together. */
  contextFilesChars: 24_000,
  execTime: 60 * SECOND,
  execTimeMax: 1 * HOUR,
  execOutputChars: 30_000,
  execCommandChars: 10_000,
  /** What the model reads of one tool call, in characters. */
  toolResultChars: 64 * KIB,
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
  /** For one page in the thread that turns HTML into text. */
  htmlConversion: 5 * SECOND,
  htmlWaiting: 100,
  htmlWorkerIdle: 1 * MINUTE,
  imageBytes: 10 * MIB,
  imagesPerRequest: 50,
  /** One line of a model's stream. */
  sseLine: 1 * MIB,
  /** Text, reasoning and tool arguments of one model call together, in characters. */
  modelOutputChars: 2 * MIB,
  /** An answer that comes as one document, in characters. */
  modelDocumentChars: 16 * MIB,
  modelErrorBody: 64 * KIB,
  /** How long a call waits for its usage once the model has stopped. */
  modelUsageWait: 5 * SECOND,
  /** Tool calls of one model turn. */
  modelToolCalls: 128,
  /** Texts of one call for embeddings. */
  embeddingTexts: 2_048,
  modelListWait: 10 * SECOND,
  listedModels: 2_000,
  egressConnect: 10 * SECOND,
  /** The longest silence of a model that may be configured; `egressIdle` ends every other one a little later. */
  modelSilence: 190 * SECOND,
  egressIdle: 200 * SECOND,
  egressTotal: 10 * MINUTE,
  egressBody: 32 * MIB,
  egressRedirects: 5,
  eventRetention: 30 * DAY,
  sweepInterval: 1 * HOUR,
} as const;
