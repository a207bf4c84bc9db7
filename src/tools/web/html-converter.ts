import { LIMITS } from "#base/limits.ts";
import { ToolError } from "#runtime/tools/index.ts";
import type { HtmlJob } from "#tools/web/convert-html.ts";
import type { HtmlAnswer } from "#tools/web/html-worker.ts";

export interface HtmlConverterOptions {
  readonly startWorker?: () => Worker;
  /** The time limit for one page, in milliseconds. */
  readonly timeoutMs?: number;
}

interface Waiting {
  readonly job: HtmlJob;
  readonly signal: AbortSignal;
  settle(outcome: string | ToolError): void;
}

// The worker must be a separate file in the executable too. `scripts/build.mjs` names it as an entry point.
const startHtmlWorker = () => new Worker(new URL("./html-worker.ts", import.meta.url).href, { smol: true });

/**
 * Converts pages to text outside the event loop. One thread serves all pages, one at a time. It starts with the first
 * page and stops after an idle time. If a page takes too long, the thread is terminated, and a new one continues with
 * the waiting pages.
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

  /** Converts a page. Rejects with `ToolError` if that fails, takes too long, or too many pages wait. */
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
    const isCurrent = () => this.#worker === worker;
    worker.onmessage = ({ data }: MessageEvent<HtmlAnswer>) => {
      if (isCurrent()) this.#finish("text" in data ? data.text : unreadable());
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
    this.#finish(unreadable());
  }

  #finish(outcome: string | ToolError): void {
    this.#current?.settle(outcome);
    this.#next();
  }
}

const unreadable = () => new ToolError("The page could not be turned into text.");
