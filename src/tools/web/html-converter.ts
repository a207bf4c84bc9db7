import { FairQueue } from "#base/fair-queue.ts";
import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { ToolError } from "#runtime/tools/index.ts";
import type { HtmlJob } from "#tools/web/convert-html.ts";
import { HtmlThread, type HtmlThreadOptions } from "#tools/web/html-thread.ts";

interface Waiting {
  readonly tenantId: TenantId;
  start(thread: HtmlThread): Promise<void>;
}

/**
 * Converts pages to text outside the event loop, in two threads. Tenants take turns, and each uses one thread at a
 * time, so slow pages of one tenant delay no other.
 */
export class HtmlConverter {
  readonly #idle: HtmlThread[];
  readonly #waiting = new FairQueue<Waiting>();
  readonly #reading = new Set<TenantId>();

  constructor(options: HtmlThreadOptions = {}) {
    this.#idle = [new HtmlThread(options), new HtmlThread(options)];
  }

  /** Converts a page. Rejects with `ToolError` if that fails, takes too long, or too many pages wait. */
  convert(job: HtmlJob, tenantId: TenantId, signal: AbortSignal): Promise<string> {
    const { htmlWaiting, htmlWaitingPerTenant } = LIMITS;
    if (this.#waiting.size >= htmlWaiting || this.#waiting.sizeOf(tenantId) >= htmlWaitingPerTenant) {
      return Promise.reject(new ToolError("Too many pages are being read right now: try again."));
    }
    return new Promise((resolve, reject) => {
      const start = (thread: HtmlThread) => thread.convert(job, signal).then(resolve, reject);
      this.#waiting.add({ tenantId, start });
      this.#fill();
    });
  }

  #fill(): void {
    const next = this.#idle.length > 0 ? this.#waiting.take((tenantId) => !this.#reading.has(tenantId)) : undefined;
    const thread = next && this.#idle.pop();
    if (thread) void this.#read(next, thread);
  }

  async #read({ tenantId, start }: Waiting, thread: HtmlThread): Promise<void> {
    this.#reading.add(tenantId);
    await start(thread);
    this.#reading.delete(tenantId);
    this.#idle.push(thread);
    this.#fill();
  }
}
