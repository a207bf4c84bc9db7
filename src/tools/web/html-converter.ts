import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { ThreadOptions } from "#base/threads/thread.ts";
import { ThreadPool, ThreadsBusy } from "#base/threads/thread-pool.ts";
import { ToolError } from "#runtime/tools/index.ts";
import type { HtmlJob } from "#tools/web/convert-html.ts";
import type { HtmlAnswer } from "#tools/web/html-worker.ts";

// The worker must be a separate file in the executable too. `scripts/executable.mjs` names it as an entry point.
const startHtmlWorker = () => new Worker(new URL("./html-worker.ts", import.meta.url).href, { smol: true });

/** Converts pages to text outside the event loop. */
export class HtmlConverter {
  readonly #threads: ThreadPool<HtmlJob, HtmlAnswer>;

  constructor({ start = startHtmlWorker, timeoutMs = LIMITS.htmlConversion }: Partial<ThreadOptions> = {}) {
    const { htmlWaiting: maxWaiting, htmlWaitingPerTenant: maxWaitingPerTenant } = LIMITS;
    this.#threads = new ThreadPool({ start, timeoutMs, maxWaiting, maxWaitingPerTenant });
  }

  /** Converts a page. Throws `ToolError` if that fails, takes too long, or too many pages wait. */
  async convert(job: HtmlJob, tenantId: TenantId, signal: AbortSignal): Promise<string> {
    const answer = await this.#threads.run({ job, tenantId, signal }).catch((thrown: unknown) => {
      if (thrown instanceof ThreadsBusy) throw new ToolError("Too many pages are being read right now: try again.");
      throw unreadable();
    });
    if ("error" in answer) throw unreadable();
    return answer.text;
  }
}

const unreadable = () => new ToolError("The page could not be turned into text.");
