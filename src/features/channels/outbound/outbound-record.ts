import { type Clock, toTimestamp } from "#base/clock.ts";
import { headOf } from "#base/texts/cut-text.ts";
import type { EventBus } from "#core/events/events.ts";
import type { ChannelOutboundTable } from "#db/channels/channel-tables.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { fromJson, toJson } from "#db/values.ts";
import { messageUpdated } from "#features/channels/events.ts";
import { chatKeyOf } from "#features/channels/inbound/chat-key.ts";
import type { OutboundState, Outbox, StoredContent } from "#features/channels/outbound/outbox.ts";

/** Thrown if another process has taken over a message. */
export class TakenOverError extends Error {
  override readonly name = "TakenOverError";
}

const ERROR_CHARS = 500;

type Values = Partial<ChannelOutboundTable>;

interface StoreOptions {
  /** Is part of the same transaction. */
  readonly also?: (queries: TenantQueries) => Promise<void>;
  readonly isAttempt?: boolean;
}

export interface RecordDependencies {
  readonly db: TenantDatabase;
  readonly clock: Clock;
  readonly events: EventBus;
}

/** One attempt at a message that goes out. Its number fences every write, so a late process changes nothing. */
export class OutboundRecord {
  readonly #dependencies: RecordDependencies;
  #row: ChannelOutboundTable;
  #isOpened = false;

  constructor(row: ChannelOutboundTable, dependencies: RecordDependencies) {
    this.#row = row;
    this.#dependencies = dependencies;
  }

  get row(): ChannelOutboundTable {
    return this.#row;
  }

  /** True if an earlier attempt ended while a part was on its way. */
  get hasOpenPart(): boolean {
    return this.#row.open_part !== null;
  }

  /** Returns the places of the parts that are left to send, out of `count`. */
  dueParts(count: number): readonly number[] {
    const { parts_sent: done } = this.#row;
    const rest = Array.from({ length: Math.max(0, count - done) }, (_, index) => done + index);
    return [...this.#repeatParts, ...rest];
  }

  /** Notes that a part is on its way, out of `count`. */
  openPart(index: number, count: number): Promise<void> {
    return this.#store({ open_part: index, parts: count });
  }

  partSent(externalId: string | undefined): Promise<void> {
    const ids = fromJson<string[]>(this.#row.external_ids);
    const external_ids = toJson(externalId === undefined ? ids : [...ids, externalId]);
    return this.#store({ ...this.#withoutOpenPart(), external_ids });
  }

  /** Gives up a part of which nobody knows whether it arrived. */
  skipPart(detail = "the gateway stopped while it was sent"): Promise<void> {
    const { open_part: open } = this.#row;
    return this.#store({
      ...this.#withoutOpenPart(),
      lost_parts: toJson([...this.#lostParts, ...(open === null ? [] : [open])]),
      error: `${LOST}: ${headOf(detail, ERROR_CHARS)}`,
    });
  }

  /** Notes that the open part had no effect, and why. */
  async closePart(error: string): Promise<void> {
    await this.#store({ open_part: null, ...(!this.#isUncertain && { error: headOf(error, ERROR_CHARS) }) });
    this.#tell();
  }

  async end(): Promise<void> {
    const state: OutboundState = this.#isUncertain ? "uncertain" : "sent";
    const error = this.#isUncertain ? (this.#row.error ?? LOST) : null;
    await this.#store({ state, ended_at: this.#now, error }, { isAttempt: false });
    this.#tell();
  }

  async fail(error: string): Promise<void> {
    const state: OutboundState = "failed";
    await this.#store({ state, open_part: null, ended_at: this.#now, error: headOf(error, ERROR_CHARS) });
    this.#tell();
  }

  /** Sends the rest to the new id of the chat. */
  moveTo(chatId: string, outbox: Pick<Outbox, "enqueue">): Promise<void> {
    const content = fromJson<StoredContent>(this.#row.content);
    const target = { ...content.target, chatId };
    const chat_key = chatKeyOf(target);
    return this.#store(
      { open_part: null, chat_key, content: toJson({ ...content, target }) },
      {
        also: (queries) => outbox.enqueue(queries, this.#row.instance_id, chat_key),
      },
    );
  }

  get #now(): string {
    return toTimestamp(this.#dependencies.clock.now());
  }

  get #isUncertain(): boolean {
    return this.#lostParts.length > 0;
  }

  get #lostParts(): readonly number[] {
    return fromJson(this.#row.lost_parts);
  }

  get #repeatParts(): readonly number[] {
    return fromJson(this.#row.repeat_parts);
  }

  /** The open part is done: one that goes out again, or the next one. */
  #withoutOpenPart(): Values {
    const { open_part: open, parts_sent } = this.#row;
    if (open === null || open >= parts_sent) return { open_part: null, parts_sent: parts_sent + 1 };
    return { open_part: null, repeat_parts: toJson(this.#repeatParts.filter((index) => index !== open)) };
  }

  /** Tells open pages what became of the message. */
  #tell(): void {
    const { id, instance_id, tenant_id: tenantId, state } = this.#row;
    this.#dependencies.events.publish(messageUpdated, { tenantId, entityId: id, payload: { instance_id, state } });
  }

  /** The first write of an attempt counts it. A message that only ends has none. */
  async #store(values: Values, { also, isAttempt = true }: StoreOptions = {}): Promise<void> {
    const { id, attempt } = this.#row;
    const next = { ...values, attempt: this.#isOpened || !isAttempt ? attempt : attempt + 1 };
    const isStored = await this.#dependencies.db.write(async (queries) => {
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
