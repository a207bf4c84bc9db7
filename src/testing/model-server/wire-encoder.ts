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

/** One answer in one wire format: as a stream, piece by piece, or as a document. */
export interface WireEncoder {
  start(): string;
  text(delta: string): string;
  reasoning(delta: string): string;
  toolCall(call: EncodedCall): string;
  finish(finish: Finish, usage: ReplyUsage | null): string;
  whole(reply: WholeReply): unknown;
  error(status: number, message: string): unknown;
}
