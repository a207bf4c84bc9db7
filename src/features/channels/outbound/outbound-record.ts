import { type Clock, toTimestamp } from "#base/clock.ts";
import { headOf } from "#base/cut-text.ts";
import type { ChannelOutboundTable } from "#db/channels/channel-tables.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { fromJson, toJson } from "#db/values.ts";
import { chatKeyOf } from "#features/channels/inbound/chat-key.ts";
import type { OutboundState, Outbox, StoredContent } from "#features/channels/outbound/outbox.ts";

/** Thrown if another process has taken over a message. */
export class TakenOverError extends Error {
  override readonly name = "TakenOverError";
}

const ERROR_CHARS = 500;

type Values = Partial<ChannelOutboundTable>;

/** One attempt at a message that goes out. Its number fences every write, so a late process changes nothing. */
export class OutboundRecord {
  readonly #db: TenantDatabase;
  readonly #clock: Clock;
  #row: ChannelOutboundTable;
  #isOpened = false;
  #isUncertain: boolean;

  constructor(row: ChannelOutboundTable, db: TenantDatabase, clock: Clock) {
    this.#row = row;
    this.#db = db;
    this.#clock = clock;
    this.#isUncertain = (row.error ?? "").startsWith(LOST);
  }

  get row(): ChannelOutboundTable {
    return this.#row;
  }

  get partsSent(): number {
    return this.#row.parts_sent;
  }

  /** True if an earlier attempt ended while a part was on its way. */
  get hasOpenPart(): boolean {
    return this.#row.open_part !== null;
  }

  /** Notes that a part is on its way. */
  openPart(index: number): Promise<void> {
    return this.#store({ open_part: index });
  }

  partSent(externalId: string | undefined): Promise<void> {
    const ids = fromJson<string[]>(this.#row.external_ids);
    const external_ids = toJson(externalId === undefined ? ids : [...ids, externalId]);
    return this.#store({ parts_sent: this.partsSent + 1, open_part: null, external_ids });
  }

  /** Gives up a part of which nobody knows whether it arrived. */
  skipPart(detail = "the gateway stopped while it was sent"): Promise<void> {
    this.#isUncertain = true;
    return this.#store({
      parts_sent: this.partsSent + 1,
      open_part: null,
      error: `${LOST}: ${headOf(detail, ERROR_CHARS)}`,
    });
  }

  /** Notes that the open part had no effect, and why. */
  closePart(error: string): Promise<void> {
    return this.#store({ open_part: null, ...(!this.#isUncertain && { error: headOf(error, ERROR_CHARS) }) });
  }

  end(): Promise<void> {
    const state: OutboundState = this.#isUncertain ? "uncertain" : "sent";
    return this.#store({ state, ended_at: this.#now, ...(!this.#isUncertain && { error: null }) });
  }

  fail(error: string): Promise<void> {
    const state: OutboundState = "failed";
    return this.#store({ state, open_part: null, ended_at: this.#now, error: headOf(error, ERROR_CHARS) });
  }

  /** Sends the rest to the new id of the chat. */
  moveTo(chatId: string, outbox: Pick<Outbox, "enqueue">): Promise<void> {
    const content = fromJson<StoredContent>(this.#row.content);
    const target = { ...content.target, chatId };
    const chat_key = chatKeyOf(target);
    return this.#store({ open_part: null, chat_key, content: toJson({ ...content, target }) }, (queries) =>
      outbox.enqueue(queries, this.#row.instance_id, chat_key),
    );
  }

  get #now(): string {
    return toTimestamp(this.#clock.now());
  }

  /** The first write of an attempt counts it. */
  async #store(values: Values, also?: (queries: TenantQueries) => Promise<void>): Promise<void> {
    const { id, attempt } = this.#row;
    const next = { ...values, attempt: this.#isOpened ? attempt : attempt + 1 };
    const isStored = await this.#db.write(async (queries) => {
      const { numUpdatedRows } = await queries
        .updateTable("channel_outbound")
        .set(next)
        .where("id", "=", id)
        .where("attempt", "=", attempt)
        .where("ended_at", "is", null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows > 0n) await also?.(queries);
      return numUpdatedRows > 0n;
    });
    if (!isStored) throw new TakenOverError("another process sends this message");
    this.#isOpened = true;
    this.#row = { ...this.#row, ...next };
  }
}

const LOST = "outcome unknown";
