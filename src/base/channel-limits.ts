import { DAY, MINUTE, SECOND } from "#base/clock.ts";

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** The limits of chat platforms. They are a part of `LIMITS`. */
export const CHANNEL_LIMITS = {
  channelsPerTenant: 200,
  /** Chats that one process handles at the same time. They wait for other servers, so they have places of their own. */
  chatsAtOnce: 32,
  chatsPerTenant: 8,
  /** How long a message that is on its way gets when the gateway stops. */
  channelSendGrace: 5 * SECOND,
  /** Senders of one account that wait for their approval. Further ones get no code. */
  channelPairingsWaiting: 1_000,
  /** Total of the credentials of one instance, as JSON text. */
  channelCredentialsBytes: 64 * KIB,
  channelConfigBytes: 128 * KIB,
  /** Ids and names of a platform. */
  channelIdChars: 255,
  channelTextChars: 100_000,
  channelMediaPerMessage: 20,
  /** Maximum size of one file that comes from a platform. */
  channelMediaBytes: 20 * MIB,
  /** How long the files of one message may take. */
  channelMediaWait: 2 * MINUTE,
  /** How long a chat with debouncing waits for the other files of an album. */
  channelAlbumWait: 1 * SECOND,
  /** Messages that are handled together at most. */
  channelBatch: 50,
  /** How long the gateway tries to deliver a message to a platform. */
  channelDeliveryTime: 1 * DAY,
  channelRetryDelay: 10 * MINUTE,
  /** How often a process looks for accounts whose process died. */
  channelSweep: 15 * SECOND,
  /** How long handled and delivered messages stay in the tables of chats. */
  channelRetention: 30 * DAY,
} as const;
