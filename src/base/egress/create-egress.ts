import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { type Resolve, resolveChecked, systemResolve } from "#base/egress/checked-lookup.ts";
import { type Download, type DownloadOptions, download } from "#base/egress/download.ts";
import { EgressError } from "#base/egress/egress-error.ts";
import { createEgressFetch, type EgressFetch } from "#base/egress/egress-fetch.ts";
import { defaultLimits, type EgressLimits } from "#base/egress/egress-limits.ts";
import { bareHost, checkAddress, checkUrl, type EgressPolicy, type EgressPurpose } from "#base/egress/egress-policy.ts";
import { createEgressSend, type EgressSend } from "#base/egress/egress-send.ts";
import type { Lifeline } from "#base/egress/lifeline.ts";
import { createBypass, createDefaultBypass } from "#base/egress/no-proxy.ts";

/** The only way out to the network. Ignores the proxy variables of the environment. */
export interface Egress {
  /**
   * Returns the client for a purpose.
   * Use `web` for a URL from a request, a row, a model or a server, unless it belongs to a model provider.
   */
  for(purpose: EgressPurpose): EgressClient;
  /** Ends every exchange and closes the pooled connections, so nothing of them keeps the process alive. */
  close(): void;
}

/** The functions that send requests. */
export interface EgressSender {
  readonly fetch: EgressFetch;
  /** Has less overhead than `fetch`. Meant for frequent calls. */
  readonly send: EgressSend;
}

export interface EgressClient extends EgressSender {
  /** Downloads a file. Rejects with `EgressError`, also if the status is not 2xx. */
  get(url: string, options: DownloadOptions): Promise<Download>;
  /** Rejects with `EgressError` if this URL would be refused now. Every request checks the URL again. */
  check(url: string): Promise<void>;
}

export interface EgressOptions {
  readonly resolve?: Resolve;
  readonly limits?: Partial<EgressLimits>;
  /** An HTTP proxy. The gateway still resolves and checks names itself. */
  readonly proxy?: URL | undefined;
  /** The only targets that are reached without the proxy. By default, this machine and the allowed hosts. */
  readonly noProxy?: readonly string[] | undefined;
}

export function createEgress(policy: EgressPolicy, options: EgressOptions = {}): Egress {
  const resolve = options.resolve ?? systemResolve;
  const { proxy: address, noProxy } = options;
  const goesDirect = noProxy ? createBypass(noProxy) : createDefaultBypass(policy);
  const proxy = address && { address, goesDirect };
  const open = new Set<Lifeline>();
  const channels = {
    web: createChannel("web"),
    provider: createChannel("provider"),
    "local-provider": createChannel("local-provider"),
    telemetry: createChannel("telemetry"),
  };

  function createChannel(purpose: EgressPurpose) {
    const pool = { keepAlive: true, maxFreeSockets: 64 };
    const agents = { http: new http.Agent(pool), https: new https.Agent(pool) };
    const limits = { ...defaultLimits(purpose), ...options.limits };
    const send = createEgressSend({ policy, purpose, agents, resolve, limits, proxy, open });
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
    for: (purpose) => channels[purpose].client,
    close() {
      for (const lifeline of open) lifeline.end(new EgressError("aborted"));
      for (const { agents } of Object.values(channels)) {
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
