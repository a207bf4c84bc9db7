import { isIP } from "node:net";
import { BoundedCache } from "#base/caches/bounded-cache.ts";
import { createCheckedLookup, type Resolve, resolveChecked } from "#base/egress/checked-lookup.ts";
import { EgressAnswer } from "#base/egress/egress-answer.ts";
import { EgressError } from "#base/egress/egress-error.ts";
import type { EgressLimits } from "#base/egress/egress-limits.ts";
import {
  afterRedirect,
  bareHost,
  checkAddress,
  checkUrl,
  type EgressPolicy,
  type EgressPurpose,
} from "#base/egress/egress-policy.ts";
import { type Agents, exchange } from "#base/egress/exchange.ts";
import { Lifeline } from "#base/egress/lifeline.ts";
import type { GoesDirect } from "#base/egress/no-proxy.ts";
import { openTunnel } from "#base/egress/open-tunnel.ts";
import type { OutgoingRequest } from "#base/egress/outgoing-request.ts";
import { redirectTarget, toRedirectedRequest } from "#base/egress/redirect.ts";

/** Sends one request to a URL and resolves once the head of the response has arrived. Rejects with `EgressError`. */
export type EgressSend = (url: string, request: OutgoingRequest) => Promise<EgressAnswer>;

export interface EgressSendOptions {
  readonly policy: EgressPolicy;
  readonly purpose: EgressPurpose;
  readonly agents: Agents;
  readonly resolve: Resolve;
  readonly limits: EgressLimits;
  /** The operator's proxy, if configured. */
  readonly proxy: OperatorProxy | undefined;
  /** The exchanges that are not over. */
  readonly open: Set<Lifeline>;
}

export interface OperatorProxy {
  readonly address: URL;
  readonly goesDirect: GoesDirect;
}

const IDEMPOTENT_METHODS = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

const MAX_KNOWN_URLS = 500;

/** Creates a function that sends only to targets the policy allows. It checks every hop and enforces the limits. */
export function createEgressSend(options: EgressSendOptions): EgressSend {
  // The check of a URL's text always has the same result, and models are called at the same few URLs.
  // Names are resolved and checked again on every request.
  const checked = new BoundedCache<string, URL>({ max: MAX_KNOWN_URLS });
  const check = (text: string): URL => {
    const known = checked.get(text);
    if (known) return known;
    const url = checkUrl(options.policy, options.purpose, text);
    checked.set(text, url);
    return url;
  };
  return async (text, request) => {
    const url = check(text);
    const lifeline = new Lifeline(request.signal, options.limits.totalMs, options.open);
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
  firstOptions: EgressSendOptions,
): Promise<EgressAnswer> {
  let url = first;
  let request = firstRequest;
  let options = firstOptions;
  for (let redirects = 0; ; redirects++) {
    const incoming = await hop(url, request, lifeline, options);
    const status = incoming.statusCode ?? 0;
    const target = request.redirect === "manual" ? undefined : redirectTarget(status, incoming.headers.location, url);
    if (target === undefined) {
      const { idleMs, maxBytes } = options.limits;
      const lastHop = { url, method: request.method, isRedirected: redirects > 0 };
      return new EgressAnswer(incoming, lastHop, { lifeline, idleMs, maxBytes });
    }

    incoming.destroy();
    if (request.redirect === "error" || redirects === options.limits.redirects) throw new EgressError("redirect");
    options = { ...options, purpose: afterRedirect(options.purpose) };
    const next = checkUrl(options.policy, options.purpose, target);
    request = toRedirectedRequest(request, status, url, next);
    url = next;
  }
}

async function hop(url: URL, request: OutgoingRequest, lifeline: Lifeline, options: EgressSendOptions) {
  const { policy, purpose, limits, proxy } = options;
  const check = (address: string) => checkAddress(policy, purpose, url, address);
  return exchange(url, request, {
    agents: options.agents,
    lookup: createCheckedLookup(options.resolve, check),
    tunnel: proxy && !proxy.goesDirect(url) ? await tunnelTo(url, proxy.address, lifeline, options, check) : undefined,
    lifeline,
    connectMs: limits.connectMs,
    idleMs: limits.idleMs,
    // A model call may be sent again, because it changes no state at the provider.
    resendsOnStaleConnection:
      !(request.body instanceof ReadableStream) && (purpose !== "web" || IDEMPOTENT_METHODS.has(request.method)),
  });
}

async function tunnelTo(
  url: URL,
  proxy: URL,
  lifeline: Lifeline,
  { resolve, limits }: EgressSendOptions,
  check: (address: string) => void,
) {
  const host = bareHost(url);
  const [address = host] = isIP(host) === 0 ? await resolveChecked(resolve, host, check) : [host];
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  return openTunnel({ proxy, address, port, lifeline, connectMs: limits.connectMs });
}
