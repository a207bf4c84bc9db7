import { isIP } from "node:net";
import { isGlobalAddress, isMetadataAddress } from "#base/egress/address-policy.ts";
import { EgressError } from "#base/egress/egress-error.ts";
import { LIMITS } from "#base/limits.ts";

/** What the operator allows beyond the public internet. Metadata services stay closed whatever is allowed. */
export interface EgressPolicy {
  /** Exact `host:port` pairs in lower case, IPv6 in brackets. A name with a final dot is another name. */
  readonly allowHosts: ReadonlySet<string>;
  readonly allowPrivateProviderUrls: boolean;
  /** Bases, without a final slash, that `local-provider` reaches with the paths below them. */
  readonly localProviderBases?: readonly string[];
}

/**
 * Who asks: `provider` is a model provider that an administrator configured, `local-provider` is one whose type says
 * that its models run on this machine, `web` is everything else.
 */
export type EgressPurpose = "web" | "provider" | "local-provider";

/** Only a configured base may name a local model server: whatever answers may not send a provider there. */
export const afterRedirect = (purpose: EgressPurpose): EgressPurpose =>
  purpose === "local-provider" ? "provider" : purpose;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };
const LOCAL_NAME = /^(?:.+\.)?(?:localhost|local|internal|localdomain|home\.arpa)$/;

/**
 * Parses a URL once, by the WHATWG rules, and refuses what can be refused without asking the network:
 * other schemes, user information, local names and addresses that are not global. Throws `EgressError`.
 */
export function checkUrl(policy: EgressPolicy, purpose: EgressPurpose, text: string): URL {
  const url = text.length <= LIMITS.urlLength ? URL.parse(text) : null;
  if (url === null || DEFAULT_PORTS[url.protocol] === undefined) throw new EgressError("blocked_url");
  if (url.username !== "" || url.password !== "" || url.hostname === "") throw new EgressError("blocked_url");

  const host = bareHost(url);
  if (isIP(host) !== 0) checkAddress(policy, purpose, url, host);
  else checkName(policy, purpose, url, host);
  return url;
}

/** Throws `EgressError` unless this address may be dialled for this URL. */
export function checkAddress(policy: EgressPolicy, purpose: EgressPurpose, url: URL, address: string): void {
  if (isMetadataAddress(address)) throw new EgressError("blocked_address");
  if (!isGlobalAddress(address) && !mayBePrivate(policy, purpose, url)) throw new EgressError("blocked_address");
}

/** What the operator names a host by: `host:port`, also where the port is the scheme's own. */
export const hostAndPort = ({ hostname, port, protocol }: URL): string =>
  `${hostname}:${port || DEFAULT_PORTS[protocol]}`;

/** The host without the brackets of IPv6 literals. */
export const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "");

function checkName(policy: EgressPolicy, purpose: EgressPurpose, url: URL, host: string): void {
  if (isMetadataAddress(host)) throw new EgressError("blocked_address");
  const isLocal = LOCAL_NAME.test(host.replace(/\.+$/, ""));
  if (isLocal && !mayBePrivate(policy, purpose, url)) throw new EgressError("blocked_address");
}

function mayBePrivate(policy: EgressPolicy, purpose: EgressPurpose, url: URL): boolean {
  if (purpose !== "web" && policy.allowPrivateProviderUrls) return true;
  return policy.allowHosts.has(hostAndPort(url)) || (purpose === "local-provider" && isLocalProvider(policy, url));
}

const isLocalProvider = ({ localProviderBases = [] }: EgressPolicy, { href }: URL): boolean =>
  localProviderBases.some((base) => href === base || href.startsWith(`${base}/`));
