import { type Clock, SECOND, toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import { headOf } from "#base/texts/cut-text.ts";
import { ChannelError, type ChatTarget } from "#channels/index.ts";
import { toJson } from "#db/values.ts";
import { chatKeyOf } from "#features/channels/inbound/chat-key.ts";
import type { ChannelAccount } from "#features/channels/live/channel-accounts.ts";
import { draftKeyOf } from "#features/channels/outbound/drafts.ts";
import { type OutboundState, UNSENT } from "#features/channels/outbound/outbox.ts";
import { isSilentReply } from "#runtime/prompt/index.ts";
import type { RunEvent } from "#runtime/runs/index.ts";

/** The shortest text that is worth a message, in characters. It also shows whether the agent stays silent. */
const FIRST_CHARS = 40;
/** The pause between two edits, in milliseconds. Platforms allow fewer in groups. */
const PAUSES = { direct: 1.5 * SECOND, group: 4 * SECOND } as const;
const MORE = " …";

export interface DraftedRun {
  readonly account: ChannelAccount;
  readonly runId: string;
  readonly target: ChatTarget;
  readonly clock: Clock;
}

/**
 * A message of a chat that grows while the agent writes its answer. The outbox finds its id and puts the whole answer in
 * its place. It is noted before it is sent, so the outbox waits for it.
 */
export class AnswerDraft {
  readonly #run: DraftedRun;
  readonly #rowId = newId();
  #text = "";
  #shown = "";
  #messageId: string | undefined;

  constructor(run: DraftedRun) {
    this.#run = run;
  }

  /** Takes an event of the run. */
  take(event: RunEvent): void {
    if (event.type === "text.delta") this.#text = this.#text.slice(0, event.offset) + event.text;
    else if (event.type === "message.started" || event.type === "message.reset") this.#text = "";
  }

  /** Shows the text again and again until the signal aborts. A failure of the platform ends it. */
  async grow(signal: AbortSignal, pause: (milliseconds: number) => Promise<void>): Promise<void> {
    try {
      while (!signal.aborted) {
        if (this.#text.length >= FIRST_CHARS && !isSilentReply(this.#text)) await this.#show();
        await pause(PAUSES[this.#run.target.kind]);
      }
    } catch (thrown) {
      if (!(thrown instanceof ChannelError)) throw thrown;
    } finally {
      await this.#store("drafted");
    }
  }

  async #show(): Promise<void> {
    const { account, target } = this.#run;
    const channel = account.open();
    const text = headOf(this.#text, channel.capabilities.maxTextChars - MORE.length) + MORE;
    if (text === this.#shown) return;
    this.#shown = text;
    if (this.#messageId !== undefined) return channel.edit?.(target, this.#messageId, text);
    await this.#note();
    const part = { kind: "text", text } as const;
    const load = () => Promise.reject(new Error("a draft has no files"));
    this.#messageId = await channel.send(target, part, { deliveryId: this.#rowId, load });
    await this.#store("draft");
  }

  async #note(): Promise<void> {
    const { account, runId, target, clock } = this.#run;
    const now = toTimestamp(clock.now());
    await account.db.write((queries) =>
      queries
        .insertInto("channel_outbound", {
          ...{ id: this.#rowId, instance_id: account.id, key: draftKeyOf(runId), chat_key: chatKeyOf(target) },
          ...{ inbound_id: null, run_id: null, content: toJson({ text: "", media: [], target }) },
          state: "draft" satisfies OutboundState,
          ...UNSENT,
          ...{ created_at: now, ended_at: now },
        })
        .execute(),
    );
  }

  async #store(state: OutboundState): Promise<void> {
    if (this.#shown === "") return;
    const external_ids = toJson(this.#messageId === undefined ? [] : [this.#messageId]);
    await this.#run.account.db.write((queries) =>
      queries.updateTable("channel_outbound").set({ state, external_ids }).where("id", "=", this.#rowId).execute(),
    );
  }
}
