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

/** Counts in our terms, or whatever stands in their place. */
export type WireUsage = { readonly counts: ReplyUsage } | { readonly raw: unknown };

/** One answer in one wire format: as a stream, piece by piece, or as a document. */
export interface WireEncoder {
  /** With the usage that is known from the start: the input of it, and `null` leaves it out. */
  start(usage: ReplyUsage | null): string;
  text(delta: string): string;
  reasoning(delta: string): string;
  toolCall(call: EncodedCall): string;
  /** Why the model stopped, with its usage: reported in our terms, as it is, or not at all. */
  finish(finish: Finish, usages: readonly WireUsage[]): string;
  /** The last mark of the stream. */
  end(): string;
  whole(reply: WholeReply): unknown;
  error(status: number, message: string): unknown;
}
