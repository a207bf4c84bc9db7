import type { Clock } from "#base/clock.ts";
import type { EgressFetch } from "#base/egress/egress-fetch.ts";
import type { Secret } from "#base/secret.ts";

/** A conversation on a platform: a private one, a group, or a topic of a group. */
export interface ChatTarget {
  readonly kind: "direct" | "group";
  readonly chatId: string;
  /** The topic of a group, or the thread of a chat. */
  readonly threadId?: string | undefined;
}

/** A file that came with a message. It is still on the platform. */
export interface InboundMedia {
  readonly kind: "image" | "audio" | "video" | "file";
  /** The platform's id of the file, or its address. */
  readonly reference: string;
  readonly name?: string | undefined;
  readonly mediaType?: string | undefined;
  /** In bytes, as the platform says. */
  readonly size?: number | undefined;
}

export interface Sender {
  readonly id: string;
  readonly name: string;
  /** Without `@`. */
  readonly username?: string | undefined;
}

/** A message from a platform, in the same form for all platforms. */
export interface InboundMessage {
  /** The platform's id of this delivery, unique in the instance. A redelivery has the same one. */
  readonly externalId: string;
  readonly target: ChatTarget;
  readonly sender: Sender;
  readonly text: string;
  /** True if it names our account or replies to it. */
  readonly isMention: boolean;
  readonly media: readonly InboundMedia[];
  /** The sender's language, such as `vi`. */
  readonly locale?: string | undefined;
  /** The platform's id of the message, to which an answer may reply. */
  readonly messageId?: string | undefined;
  /** Set if this is no message: the group has a new id from now on. */
  readonly movedTo?: string | undefined;
}

/** A file that goes out. Its bytes are read when it is sent. */
export interface OutboundMedia {
  readonly blob: string;
  readonly mediaType: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
}

/** What goes to a chat: a text in Markdown, and files. */
export interface OutboundContent {
  readonly text: string;
  readonly media: readonly OutboundMedia[];
  readonly replyTo?: string | undefined;
}

/** What one call of a platform sends. */
export type OutboundPart =
  | { readonly kind: "text"; readonly text: string; readonly replyTo?: string | undefined }
  | { readonly kind: "media"; readonly media: OutboundMedia; readonly caption: string };

export interface ChannelCapabilities {
  /** The longest text of one message, in UTF-16 code units. */
  readonly maxTextChars: number;
  readonly maxMediaBytes: number;
  readonly canEdit: boolean;
  /** True if the receiver recognises a message that comes twice, so one whose outcome is unknown is sent again. */
  readonly recognisesRepeats: boolean;
}

export interface SendOptions {
  /** Identifies the part. It is the same for every attempt. */
  readonly deliveryId: string;
  /** Reads a file that goes out. */
  readonly load: (media: OutboundMedia) => Promise<Uint8Array<ArrayBuffer>>;
}

/** The account that the credentials belong to. */
export interface ChannelIdentity {
  readonly id: string;
  readonly name: string;
}

/** A request that a platform made to the gateway. */
export interface Delivery {
  readonly body: Uint8Array;
  /** Returns a header of the request, which may prove who made it. */
  readonly header: (name: string) => string | undefined;
}

export type Receive = (messages: readonly InboundMessage[]) => Promise<void>;

export interface ListenOptions {
  readonly receive: Receive;
  /** Called when the platform has answered. */
  readonly onAlive: () => void;
  readonly signal: AbortSignal;
}

/** An account on a chat platform. Any number of processes may send through it, and one listens. Throws `ChannelError`. */
export interface Channel {
  readonly capabilities: ChannelCapabilities;
  /** Proves that the credentials work, and prepares the platform for how messages come. */
  check(signal: AbortSignal): Promise<ChannelIdentity>;
  /** Removes what `check` left on the platform. Called when the instance is switched off or deleted. */
  leave?(): Promise<void>;
  /** Receives messages until the signal aborts. Absent if the platform delivers them to the gateway. */
  listen?(options: ListenOptions): Promise<void>;
  /** Reads a request of the platform. Throws `ChannelError` of the kind `forged` unless it proves where it is from. */
  readDelivery?(delivery: Delivery): Promise<readonly InboundMessage[]>;
  /** Cuts content into what single calls can send. The same content always has the same parts. */
  split(content: OutboundContent): readonly OutboundPart[];
  /** Resolves to the platform's id of the message, if it has one. */
  send(target: ChatTarget, part: OutboundPart, options: SendOptions): Promise<string | undefined>;
  /** Replaces the text of a message of ours. */
  edit?(target: ChatTarget, messageId: string, text: string): Promise<void>;
  showTyping?(target: ChatTarget): Promise<void>;
  download?(media: InboundMedia, maxBytes: number, signal: AbortSignal): Promise<Uint8Array>;
}

/** What a connector needs to open an account. */
export interface ChannelAccount {
  readonly instanceId: string;
  readonly credentials: Readonly<Record<string, Secret>>;
  /** The settings as they are stored. The connector parses them. */
  readonly config: unknown;
}

export interface ConnectorDependencies {
  /** The only way to the network. */
  readonly fetch: EgressFetch;
  readonly clock: Clock;
  /** The address of Telegram's API, unless an account has its own. */
  readonly telegramApi: string;
}

/** Opens accounts of one platform. Opening makes no call. Throws `ChannelError` if something is missing. */
export type Connector = (account: ChannelAccount, dependencies: ConnectorDependencies) => Channel;
