import { LIMITS } from "#base/limits.ts";
import { encodeEvent } from "#transport/websocket/frames.ts";

/** The part of a WebSocket that writes. */
export interface FrameWriter {
  send(text: string): unknown;
  /** Returns how many bytes the client has still to read. */
  getBufferedAmount(): number;
}

/**
 * Sends the frames of one connection. What can wait does so while the client is behind: `ready` resolves when it has
 * caught up. A client that falls too far behind is given up.
 */
export class Outbox {
  readonly #writer: FrameWriter;
  readonly #giveUp: () => void;
  #lastSeq = 0;
  #bytesBehind = 0;
  #waiting: (() => void)[] = [];
  /** The size of the answers that wait until the client has caught up. */
  #answersWaiting = 0;
  #isClosed = false;

  /** `giveUp` is called when too much waits for the client. */
  constructor(writer: FrameWriter, giveUp: () => void) {
    this.#writer = writer;
    this.#giveUp = giveUp;
  }

  get isBehind(): boolean {
    return this.#bytesBehind > LIMITS.socketBacklog;
  }

  /** The bytes that wait to be read by the client. */
  get bytesBehind(): number {
    return this.#bytesBehind;
  }

  send(frame: string): void {
    if (this.#isClosed) return;
    this.#writer.send(frame);
    this.#bytesBehind = this.#writer.getBufferedAmount();
    if (this.#bytesBehind > LIMITS.socketBacklogMax) this.#giveUp();
  }

  /**
   * Sends the answer of a call when the client has caught up. Returns false, and sends nothing, if too many answers wait
   * already.
   */
  async sendAnswer(frame: string): Promise<boolean> {
    if (this.isBehind) {
      if (this.#answersWaiting + frame.length > LIMITS.socketBacklogMax / 2) return false;
      this.#answersWaiting += frame.length;
      await this.ready();
      this.#answersWaiting -= frame.length;
    }
    this.send(frame);
    return true;
  }

  /** Sends an event. `payload` is JSON. */
  sendEvent(event: string, payload: string): void {
    this.send(encodeEvent(event, ++this.#lastSeq, payload));
  }

  /** Resolves when the client has read most of what was sent, or is gone. */
  async ready(): Promise<void> {
    while (this.isBehind && !this.#isClosed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Called when the client has read. */
  handleDrain(): void {
    this.#bytesBehind = this.#writer.getBufferedAmount();
    if (!this.isBehind) this.#release();
  }

  close(): void {
    this.#isClosed = true;
    this.#release();
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
