import { LIMITS } from "#base/limits.ts";
import { ToolError } from "#runtime/tools/index.ts";
import type { HtmlJob } from "#tools/web/convert-html.ts";
import type { HtmlAnswer } from "#tools/web/html-worker.ts";

export interface HtmlThreadOptions {
  readonly startWorker?: () => Worker;
  /** The time limit for one page, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Ends the page at work with its text, or without one if it could not be read. */
type Settle = (text?: string) => void;

// The worker must be a separate file in the executable too. `scripts/build.mjs` names it as an entry point.
const startHtmlWorker = () => new Worker(new URL("./html-worker.ts", import.meta.url).href, { smol: true });

/**
 * A thread that converts one page at a time. It starts with its first page and stops after an idle time. If a page takes
 * too long, the thread is terminated, and the next page starts a new one.
 */
export class HtmlThread {
  readonly #startWorker: () => Worker;
  readonly #timeoutMs: number;
  #worker: Worker | undefined;
  #settle: Settle | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ startWorker = startHtmlWorker, timeoutMs = LIMITS.htmlConversion }: HtmlThreadOptions) {
    this.#startWorker = startWorker;
    this.#timeoutMs = timeoutMs;
  }

  /** Converts a page. Call it again only when the last page is done. Rejects with `ToolError`. */
  async convert(job: HtmlJob, signal: AbortSignal): Promise<string> {
    if (signal.aborted) throw unreadable();
    const text = await new Promise<string | undefined>((resolve) => {
      this.#settle = resolve;
      this.#after(this.#timeoutMs, () => this.#fail());
      this.#worker ??= this.#openWorker();
      this.#worker.postMessage(job);
    });
    this.#settle = undefined;
    this.#after(LIMITS.htmlWorkerIdle, () => this.#stopWorker());
    if (text === undefined) throw unreadable();
    return text;
  }

  #after(milliseconds: number, task: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(task, milliseconds);
    this.#timer.unref();
  }

  #openWorker(): Worker {
    const worker = this.#startWorker();
    worker.unref();
    const isCurrent = () => this.#worker === worker;
    worker.onmessage = ({ data }: MessageEvent<HtmlAnswer>) => {
      if (isCurrent()) this.#settle?.("text" in data ? data.text : undefined);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (isCurrent()) this.#fail();
    };
    worker.addEventListener("close", () => {
      if (isCurrent()) this.#fail();
    });
    return worker;
  }

  #stopWorker(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #fail(): void {
    this.#stopWorker();
    this.#settle?.();
  }
}

const unreadable = () => new ToolError("The page could not be turned into text.");
