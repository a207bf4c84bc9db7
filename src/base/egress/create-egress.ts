import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { type Resolve, resolveChecked, systemResolve } from "#base/egress/checked-lookup.ts";
import { type Download, type DownloadOptions, download } from "#base/egress/download.ts";
import { EgressError } from "#base/egress/egress-error.ts";
import { createEgressFetch, type EgressFetch } from "#base/egress/egress-fetch.ts";
import { DEFAULT_EGRESS_LIMITS, type EgressLimits } from "#base/egress/egress-limits.ts";
import { bareHost, checkAddress, checkUrl, type EgressPolicy, type EgressPurpose } from "#base/egress/egress-policy.ts";
import { createEgressSend, type EgressSend } from "#base/egress/egress-send.ts";

/** The only way out to the network. Proxies of the environment are not used. */
export interface Egress {
  /** `web` for every URL that comes from a request, a row, a model or a server and is no model provider's. */
  for(purpose: EgressPurpose): EgressClient;
  /** Closes the kept connections. */
  close(): void;
}

/** What sends requests. */
export interface EgressSender {
  readonly fetch: EgressFetch;
  /** With less around request and answer than a `fetch` has, for calls that are made all the time. */
  readonly send: EgressSend;
}

export interface EgressClient extends EgressSender {
  /** Downloads a file. Rejects with `EgressError`, also when the status is not 2xx. */
  get(url: string, options: DownloadOptions): Promise<Download>;
  /** Rejects with `EgressError` if this URL would be refused now; it is checked again whenever it is dialled. */
  check(url: string): Promise<void>;
}

export interface EgressOptions {
  readonly resolve?: Resolve;
  readonly limits?: Partial<EgressLimits>;
  /** An HTTP proxy that everything goes through; names are still resolved and checked here. */
  readonly proxy?: URL | undefined;
}

export function createEgress(policy: EgressPolicy, options: EgressOptions = {}): Egress {
  const resolve = options.resolve ?? systemResolve;
  const limits = { ...DEFAULT_EGRESS_LIMITS, ...options.limits };
  const doors = {
    web: createDoor("web"),
    provider: createDoor("provider"),
    "local-provider": createDoor("local-provider"),
  };

  function createDoor(purpose: EgressPurpose) {
    const pool = { keepAlive: true, maxFreeSockets: 64 };
    const agents = { http: new http.Agent(pool), https: new https.Agent(pool) };
    const send = createEgressSend({ policy, purpose, agents, resolve, limits, proxy: options.proxy });
    const fetch = createEgressFetch(send);
    const client: EgressClient = {
      fetch,
      send,
      get: (url, downloadOptions) => download(fetch, url, downloadOptions),
      check: (text) => check(policy, purpose, resolve, limits.connectMs, text),
    };
    return { client, agents };
  }

  return {
    for: (purpose) => doors[purpose].client,
    close() {
      for (const { agents } of Object.values(doors)) {
        agents.http.destroy();
        agents.https.destroy();
      }
    },
  };
}

async function check(
  policy: EgressPolicy,
  purpose: EgressPurpose,
  resolve: Resolve,
  timeoutMs: number,
  text: string,
): Promise<void> {
  const url = checkUrl(policy, purpose, text);
  if (isIP(bareHost(url)) !== 0) return;
  const resolving = resolveChecked(resolve, url.hostname, (address) => checkAddress(policy, purpose, url, address));
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new EgressError("dns")), timeoutMs);
  await Promise.race([resolving, promise]).finally(() => clearTimeout(timer));
}
