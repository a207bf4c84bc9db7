import type { ModelReply, ReplyUsage } from "#testing/model-server/model-reply.ts";

export interface EncodedCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export type Finish = NonNullable<ModelReply["finish"]>;

export interface WholeReply {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly EncodedCall[];
  readonly finish: Finish;
  readonly usage: ReplyUsage | null;
}

/** Token counts in our terms, or a raw value that is reported instead. */
export type WireUsage = { readonly counts: ReplyUsage } | { readonly raw: unknown };

/** Encodes one answer in one wire format: as a stream, piece by piece, or as a document. */
export interface WireEncoder {
  /** Encodes the start of the stream, with the usage known so far. `null` omits the usage. */
  start(usage: ReplyUsage | null): string;
  text(delta: string): string;
  reasoning(delta: string): string;
  toolCall(call: EncodedCall): string;
  /** Encodes the finish reason and the usage reports, if any. */
  finish(finish: Finish, usages: readonly WireUsage[]): string;
  /** Encodes the end mark of the stream. */
  end(): string;
  whole(reply: WholeReply): unknown;
  error(status: number, message: string): unknown;
}
