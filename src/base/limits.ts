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
  /** Messages of one chat request. */
  chatMessages: 2_000,
  runWallTime: 10 * MINUTE,
  runAttempts: 3,
  runEventsPage: 500,
  parallelReadTools: 4,
  /** How long a stopped tool may take to end. */
  toolGrace: 3 * SECOND,
  leaseTime: 30 * SECOND,
  leaseRenewal: 10 * SECOND,
  /** How long a stopping gateway lets attached runs go on. */
  drainTime: 20 * SECOND,
  sseHeartbeat: 15 * SECOND,
  /** A client that takes no byte of its stream for this long is given up. */
  sseStall: 30 * SECOND,
  keyCacheTime: 5 * MINUTE,
  keyCacheEntries: 10_000,
  rateBurst: 5,
  rateIdle: 10 * MINUTE,
  rateSweep: 5 * MINUTE,
  spanFlush: 1 * SECOND,
  spanBuffer: 10_000,
  previewChars: 500,
  toolResultChars: 256 * KIB,
  workspaceFile: 10 * MIB,
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
  egressIdle: 120 * SECOND,
  egressTotal: 10 * MINUTE,
  egressBody: 32 * MIB,
  egressRedirects: 5,
  eventRetention: 30 * DAY,
  sweepInterval: 1 * HOUR,
} as const;
