import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { LRUCache } from "lru-cache";
import { createCheckedLookup, type Resolve, resolveChecked } from "#base/egress/checked-lookup.ts";
import { EgressError } from "#base/egress/egress-error.ts";
import type { EgressLimits } from "#base/egress/egress-limits.ts";
import { bareHost, checkAddress, checkUrl, type EgressPolicy, type EgressPurpose } from "#base/egress/egress-policy.ts";
import { type Agents, exchange } from "#base/egress/exchange.ts";
import { Lifeline } from "#base/egress/lifeline.ts";
import { openTunnel } from "#base/egress/open-tunnel.ts";
import { type OutgoingRequest, toOutgoingRequest } from "#base/egress/outgoing-request.ts";
import { redirectTarget, toRedirectedRequest } from "#base/egress/redirect.ts";
import { toResponseBody } from "#base/egress/response-body.ts";

/** The part of `fetch` that its users here and in libraries call. Rejects with `EgressError`. */
export type EgressFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface EgressFetchOptions {
  readonly policy: EgressPolicy;
  readonly purpose: EgressPurpose;
  readonly agents: Agents;
  readonly resolve: Resolve;
  readonly limits: EgressLimits;
  /** The operator's proxy, where there is one. */
  readonly proxy: URL | undefined;
}

const BODILESS_STATUSES = new Set([204, 205, 304]);
const IDEMPOTENT_METHODS = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

const MAX_KNOWN_URLS = 500;

/** A `fetch` that reaches only what the policy allows, every hop checked, within the limits. */
export function createEgressFetch(options: EgressFetchOptions): EgressFetch {
  // What a URL itself says never changes: models are called at the same few. Names are resolved and checked each time.
  const checked = new LRUCache<string, URL>({ max: MAX_KNOWN_URLS });
  const check = (text: string): URL => {
    const known = checked.get(text);
    if (known) return known;
    const url = checkUrl(options.policy, options.purpose, text);
    checked.set(text, url);
    return url;
  };
  return async (input, init = {}) => {
    const url = check(input instanceof Request ? input.url : String(input));
    const request = await toOutgoingRequest(input, init);
    const lifeline = new Lifeline(request.signal, options.limits.totalMs);
    try {
      return await follow(url, request, lifeline, options);
    } catch (error) {
      const reason = lifeline.explain(error);
      lifeline.end(reason);
      throw reason;
    }
  };
}

async function follow(
  first: URL,
  firstRequest: OutgoingRequest,
  lifeline: Lifeline,
  options: EgressFetchOptions,
): Promise<Response> {
  let url = first;
  let request = firstRequest;
  for (let redirects = 0; ; redirects++) {
    const incoming = await hop(url, request, lifeline, options);
    const status = incoming.statusCode ?? 0;
    const target = request.redirect === "manual" ? undefined : redirectTarget(status, incoming.headers.location, url);
    if (target === undefined) return toResponse(url, request, incoming, lifeline, options.limits, redirects > 0);

    incoming.destroy();
    if (request.redirect === "error" || redirects === options.limits.redirects) throw new EgressError("redirect");
    const next = checkUrl(options.policy, options.purpose, target);
    request = toRedirectedRequest(request, status, url, next);
    url = next;
  }
}

async function hop(url: URL, request: OutgoingRequest, lifeline: Lifeline, options: EgressFetchOptions) {
  const { policy, purpose, limits, proxy } = options;
  const check = (address: string) => checkAddress(policy, purpose, url, address);
  return exchange(url, request, {
    agents: options.agents,
    lookup: createCheckedLookup(options.resolve, check),
    tunnel: proxy && (await tunnelTo(url, proxy, lifeline, options, check)),
    lifeline,
    connectMs: limits.connectMs,
    idleMs: limits.idleMs,
    // A model call may be repeated: it changes nothing at the provider.
    resendsOnStaleConnection:
      !(request.body instanceof ReadableStream) && (purpose === "provider" || IDEMPOTENT_METHODS.has(request.method)),
  });
}

async function tunnelTo(
  url: URL,
  proxy: URL,
  lifeline: Lifeline,
  { resolve, limits }: EgressFetchOptions,
  check: (address: string) => void,
) {
  const host = bareHost(url);
  const [address = host] = isIP(host) === 0 ? await resolveChecked(resolve, host, check) : [host];
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  return openTunnel({ proxy, address, port, lifeline, connectMs: limits.connectMs });
}

function toResponse(
  url: URL,
  request: OutgoingRequest,
  incoming: IncomingMessage,
  lifeline: Lifeline,
  limits: EgressLimits,
  isRedirected: boolean,
): Response {
  const status = incoming.statusCode ?? 0;
  if (status < 200 || status > 599) throw new EgressError("network");
  const isBodiless = request.method === "HEAD" || BODILESS_STATUSES.has(status);
  if (isBodiless) {
    incoming.resume();
    lifeline.release();
  }
  const { idleMs, maxBytes } = limits;
  const body = isBodiless ? null : toResponseBody(incoming, { lifeline, idleMs, maxBytes });
  const response = new Response(body, { status, headers: toHeaders(incoming) });
  Object.defineProperties(response, {
    url: { value: url.href },
    redirected: { value: isRedirected },
    statusText: { value: incoming.statusMessage ?? "" },
  });
  return response;
}

function toHeaders({ rawHeaders, headers: parsed }: IncomingMessage): Headers {
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
