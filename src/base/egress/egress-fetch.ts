import { toStream } from "#base/egress/answer-body.ts";
import type { EgressAnswer } from "#base/egress/egress-answer.ts";
import type { EgressSend } from "#base/egress/egress-send.ts";
import { type OutgoingInit, toOutgoingRequest } from "#base/egress/outgoing-request.ts";

/** The part of the `fetch` API that our code and libraries use. Rejects with `EgressError`. */
export type EgressFetch = (input: string | URL | Request, init?: OutgoingInit) => Promise<Response>;

/** Wraps `send` in the `fetch` API. */
export const createEgressFetch =
  (send: EgressSend): EgressFetch =>
  async (input, init = {}) => {
    const request = await toOutgoingRequest(input, init);
    return toResponse(await send(input instanceof Request ? input.url : String(input), request));
  };

function toResponse({ status, statusText, headers, body, url, isRedirected }: EgressAnswer): Response {
  const response = new Response(body ? toStream(body) : null, { status, headers });
  return Object.defineProperties(response, {
    url: { value: url.href },
    redirected: { value: isRedirected },
    statusText: { value: statusText },
  });
}
