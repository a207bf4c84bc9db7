import { LIMITS } from "#base/limits.ts";
import { ToolError } from "#runtime/tools/index.ts";
import type { HtmlJob } from "#tools/web/convert-html.ts";
import type { HtmlAnswer } from "#tools/web/html-worker.ts";

export interface HtmlConverterOptions {
  readonly startWorker?: () => Worker;
  /** For one page. */
  readonly timeoutMs?: number;
}

interface Waiting {
  readonly job: HtmlJob;
  readonly signal: AbortSignal;
  settle(outcome: string | ToolError): void;
}

// A file of its own in the executable too: scripts/build.mjs names it as an entry point.
const startHtmlWorker = () => new Worker(new URL("./html-worker.ts", import.meta.url).href, { smol: true });

/**
 * Turns pages into text off the event loop: one thread for all, one page at a time. The thread is started by the first
 * page, ended when it has had nothing to do for a while, and ended at once when a page takes too long; a new one goes
 * on with the pages that wait.
 */
export class HtmlConverter {
  readonly #startWorker: () => Worker;
  readonly #timeoutMs: number;
  readonly #waiting: Waiting[] = [];
  #worker: Worker | undefined;
  #current: Waiting | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ startWorker = startHtmlWorker, timeoutMs = LIMITS.htmlConversion }: HtmlConverterOptions = {}) {
    this.#startWorker = startWorker;
    this.#timeoutMs = timeoutMs;
  }

  /** Rejects with `ToolError` when the page cannot be converted in time. */
  convert(job: HtmlJob, signal: AbortSignal): Promise<string> {
    if (this.#waiting.length >= LIMITS.htmlWaiting) {
      return Promise.reject(new ToolError("Too many pages are being read right now: try again."));
    }
    return new Promise((resolve, reject) => {
      const settle = (outcome: string | ToolError) =>
        outcome instanceof ToolError ? reject(outcome) : resolve(outcome);
      this.#waiting.push({ job, signal, settle });
      if (!this.#current) this.#next();
    });
  }

  #next(): void {
    clearTimeout(this.#timer);
    this.#current = this.#waiting.shift();
    if (this.#current?.signal.aborted) {
      this.#finish(unreadable());
      return;
    }
    const [onTimeout, milliseconds] = this.#current
      ? [() => this.#fail(), this.#timeoutMs]
      : [() => this.#stopWorker(), LIMITS.htmlWorkerIdle];
    this.#timer = setTimeout(onTimeout, milliseconds);
    this.#timer.unref();
    if (!this.#current) return;
    this.#worker ??= this.#openWorker();
    this.#worker.postMessage(this.#current.job);
  }

  #openWorker(): Worker {
    const worker = this.#startWorker();
    worker.unref();
    const isOurs = () => this.#worker === worker;
    worker.onmessage = ({ data }: MessageEvent<HtmlAnswer>) => {
      if (isOurs()) this.#finish("text" in data ? data.text : unreadable());
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (isOurs()) this.#fail();
    };
    worker.addEventListener("close", () => {
      if (isOurs()) this.#fail();
    });
    return worker;
  }

  #stopWorker(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #fail(): void {
    this.#stopWorker();
    this.#finish(unreadable());
  }

  #finish(outcome: string | ToolError): void {
    this.#current?.settle(outcome);
    this.#next();
  }
}

const unreadable = () => new ToolError("The page could not be turned into text.");
