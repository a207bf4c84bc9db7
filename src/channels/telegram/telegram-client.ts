import type { Api, RawApi } from "grammy/web";
import type { Clock } from "#base/clock.ts";
import type { EgressFetch } from "#base/egress/egress-fetch.ts";
import type { Secret } from "#base/secret.ts";
import { ChannelError } from "#channels/channel-error.ts";
import { toTelegramError } from "#channels/telegram/to-telegram-error.ts";

/** The longest call: a file that is sent over a slow line, in seconds. */
const CALL_SECONDS = 120;

export interface TelegramClientOptions {
  readonly token: Secret;
  /** The address of the API, without a slash at its end. */
  readonly apiRoot: string;
  readonly fetch: EgressFetch;
  readonly clock: Clock;
}

/** Calls the Telegram Bot API. Every failure is a `ChannelError` that never holds the token. */
export class TelegramClient {
  readonly #options: TelegramClientOptions;
  #api: Promise<Api<RawApi>> | undefined;
  /** Telegram wants no call before this time, in milliseconds. */
  #heldUntil = 0;

  constructor(options: TelegramClientOptions) {
    this.#options = options;
  }

  async call<Value>(run: (api: RawApi) => Promise<Value>): Promise<Value> {
    const pause = this.#heldUntil - this.#options.clock.now().getTime();
    if (pause > 0) throw new ChannelError("rate_limited", "Telegram asked for a pause", { retryAfterMs: pause });
    this.#api ??= this.#open();
    const api = await this.#api;
    try {
      return await run(api.raw);
    } catch (thrown) {
      const error = toTelegramError(thrown);
      const { retryAfterMs } = error.options;
      if (retryAfterMs !== undefined) this.#heldUntil = this.#options.clock.now().getTime() + retryAfterMs;
      throw error;
    }
  }

  /** Returns the address of a file. Throws if a server of one's own names a place outside its files. */
  fileUrl(path: string): string {
    if (path.startsWith("/") || /(?:^|\/)\.\.?(?:\/|$)/.test(path) || /[\p{Cc}?#\\]/u.test(path))
      throw new ChannelError("refused", "the place of the file is not one that can be downloaded");
    const { apiRoot, token } = this.#options;
    return `${apiRoot}/file/bot${token.reveal()}/${encodeURI(path)}`;
  }

  /** The package has many parts, so it is loaded when an instance first makes a call. */
  async #open(): Promise<Api<RawApi>> {
    const { Api: TelegramApi } = await import("grammy/web");
    const { token, apiRoot, fetch } = this.#options;
    return new TelegramApi(token.reveal(), {
      apiRoot,
      timeoutSeconds: CALL_SECONDS,
      // Safe: grammY calls it with an address and with options that egress knows.
      fetch: ((url: string | URL, init?: RequestInit) =>
        readAnswer(fetch, url, init)) as unknown as typeof globalThis.fetch,
    });
  }
}

const UNHEARD = [502, 503, 504];

/** A proxy in front of Telegram may answer with a page instead of JSON. */
async function readAnswer(fetch: EgressFetch, url: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: "error" });
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  if (isJson || !UNHEARD.includes(response.status)) return response;
  await response.body?.cancel();
  throw new ChannelError("outcome_unknown", `Telegram answered ${response.status}`);
}
