import type { IncomingMessage } from "node:http";
import { AnswerBody, type AnswerBodyOptions } from "#base/egress/answer-body.ts";
import { EgressError } from "#base/egress/egress-error.ts";

const BODILESS_STATUSES = new Set([204, 205, 304]);

/** A response whose head has arrived. The caller must read its body to the end or cancel it. */
export class EgressAnswer {
  readonly status: number;
  /** The URL of the last hop. */
  readonly url: URL;
  readonly isRedirected: boolean;
  readonly body: AnswerBody | undefined;
  readonly #incoming: IncomingMessage;

  constructor(
    incoming: IncomingMessage,
    { url, method, isRedirected }: { readonly url: URL; readonly method: string; readonly isRedirected: boolean },
    options: AnswerBodyOptions,
  ) {
    this.status = incoming.statusCode ?? 0;
    if (this.status < 200 || this.status > 599) throw new EgressError("network");
    this.url = url;
    this.isRedirected = isRedirected;
    this.#incoming = incoming;
    if (method !== "HEAD" && !BODILESS_STATUSES.has(this.status)) {
      this.body = new AnswerBody(incoming, options);
      return;
    }
    incoming.resume();
    options.lifeline.release();
  }

  get isOk(): boolean {
    return this.status < 300;
  }

  get statusText(): string {
    return this.#incoming.statusMessage ?? "";
  }

  /**
   * The headers as received. Omits `content-encoding` and `content-length` of a compressed response, because `body` is
   * decoded.
   */
  get headers(): Headers {
    const { rawHeaders, headers: parsed } = this.#incoming;
    const headers = new Headers();
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      headers.append(String(rawHeaders[index]), String(rawHeaders[index + 1]));
    }
    if (parsed["content-encoding"] !== undefined) {
      headers.delete("content-encoding");
      headers.delete("content-length");
    }
    return headers;
  }
}
