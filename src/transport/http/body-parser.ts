import { AppError } from "#base/errors.ts";
import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { ThreadPool } from "#base/threads/thread-pool.ts";
import { tooBusy } from "#transport/http/body-budget.ts";
import type { SentJson } from "#transport/http/long-texts/cut-long-texts.ts";
import { placeLongTexts } from "#transport/http/long-texts/place-long-texts.ts";
import { type ParsedJson, parseJsonBytes } from "#transport/http/parse-json-bytes.ts";

/** Larger bodies are parsed in a thread. Smaller ones take less time than the way there and back. */
const LARGE_BODY = 256 * 1_024;

// The worker must be a separate file in the executable too. `scripts/executable.mjs` names it as an entry point.
const startJsonWorker = () => new Worker(new URL("./json-worker.ts", import.meta.url).href, { smol: true });

/** Parses JSON bodies, large ones outside the event loop. */
export class BodyParser {
  readonly #threads = new ThreadPool<Uint8Array<ArrayBuffer>, SentJson>({
    start: startJsonWorker,
    timeoutMs: LIMITS.jsonParsing,
    // The budget of bodies limits how many wait.
    maxWaiting: Number.POSITIVE_INFINITY,
    maxWaitingPerTenant: Number.POSITIVE_INFINITY,
  });

  /**
   * Returns the value of a JSON body. Takes the bytes over. Throws `SyntaxError` if they are not JSON. Throws 400 for
   * invalid UTF-8 or a value beyond the limits, and 503 if no thread can parse it.
   */
  async parse(bytes: Uint8Array<ArrayBuffer>, tenantId: TenantId): Promise<unknown> {
    const isLarge = bytes.byteLength >= LARGE_BODY;
    const parsed = isLarge ? await this.#parseLarge(bytes, tenantId) : parseJsonBytes(bytes);
    if ("value" in parsed) return parsed.value;
    switch (parsed.problem) {
      case "utf8":
        throw new AppError("INVALID_REQUEST", "error.invalid_utf8", {});
      case "depth":
        throw new AppError("INVALID_REQUEST", "error.json_too_deep", { max: LIMITS.jsonDepth });
      case "size":
        throw new AppError("INVALID_REQUEST", "error.json_too_many_values", { max: LIMITS.jsonValues });
      case "syntax":
        throw new SyntaxError("the body is not JSON");
    }
  }

  async #parseLarge(bytes: Uint8Array<ArrayBuffer>, tenantId: TenantId): Promise<ParsedJson> {
    let texts: readonly string[] = [];
    const onTexts = (sent: readonly string[]) => {
      texts = sent;
    };
    const parsed = await this.#threads.run({ job: bytes, tenantId, moved: [bytes.buffer], onTexts }).catch(() => {
      throw tooBusy();
    });
    return "problem" in parsed ? parsed : { value: placeLongTexts({ ...parsed, texts }) };
  }
}
