import { isIP } from "node:net";
import { isGlobalAddress, isMetadataAddress } from "#base/egress/address-policy.ts";
import { EgressError } from "#base/egress/egress-error.ts";
import { LIMITS } from "#base/limits.ts";

/** The targets that the operator allows beyond the public web. Metadata services are always refused. */
export interface EgressPolicy {
  /** Exact `host:port` pairs in lower case, with IPv6 in brackets. A name with a trailing dot is a different name. */
  readonly allowHosts: ReadonlySet<string>;
  readonly allowPrivateProviderUrls: boolean;
  /** Base URLs without a trailing slash. `local-provider` may reach them and the paths below them. */
  readonly localProviderBases?: readonly string[];
  /** The `host:port` of the collector that `telemetry` may reach, and no other. */
  readonly collector?: string | undefined;
}

/**
 * The purpose of a request. `provider` calls a model provider that an administrator configured.
 * `local-provider` calls one whose type says that its models run on this machine. `telemetry` sends spans to
 * the collector of the configuration. `web` is everything else.
 */
export type EgressPurpose = "web" | "provider" | "local-provider" | "telemetry";

/** Returns the purpose after a redirect. Only a configured base may lead to a local model server, never a redirect. */
export const afterRedirect = (purpose: EgressPurpose): EgressPurpose =>
  purpose === "local-provider" ? "provider" : purpose;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };
const LOCAL_NAME = /^(?:.+\.)?(?:localhost|local|internal|localdomain|home\.arpa)$/;

/**
 * Parses a URL once, by the WHATWG rules. Makes all checks that need no network.
 * Throws `EgressError` on long URLs, other schemes, user information, local names and addresses that are not global.
 * The purpose `web` is limited to ports 80 and 443, and to what the operator allows.
 */
export function checkUrl(policy: EgressPolicy, purpose: EgressPurpose, text: string): URL {
  const url = text.length <= LIMITS.urlLength ? URL.parse(text) : null;
  if (url === null || DEFAULT_PORTS[url.protocol] === undefined) throw new EgressError("blocked_url");
  if (url.username !== "" || url.password !== "" || url.hostname === "") throw new EgressError("blocked_url");

  const host = bareHost(url);
  if (isIP(host) !== 0) checkAddress(policy, purpose, url, host);
  else checkName(policy, purpose, url, host);
  checkPort(policy, purpose, url);
  return url;
}

/** Throws `EgressError` if this address may not be dialled for this URL. */
export function checkAddress(policy: EgressPolicy, purpose: EgressPurpose, url: URL, address: string): void {
  if (isMetadataAddress(address)) throw new EgressError("blocked_address");
  if (!isGlobalAddress(address) && !mayBePrivate(policy, purpose, url)) throw new EgressError("blocked_address");
}

/** Returns `host:port`, the format in which the operator lists hosts. Includes the default port of the scheme. */
export const hostAndPort = ({ hostname, port, protocol }: URL): string =>
  `${hostname}:${port || DEFAULT_PORTS[protocol]}`;

/** Returns the host without the brackets of IPv6 literals. */
export const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "");

function checkName(policy: EgressPolicy, purpose: EgressPurpose, url: URL, host: string): void {
  if (isMetadataAddress(host)) throw new EgressError("blocked_address");
  const isLocal = LOCAL_NAME.test(host.replace(/\.+$/, ""));
  if (isLocal && !mayBePrivate(policy, purpose, url)) throw new EgressError("blocked_address");
}

/** The web is on two ports. On others are databases and consoles, which strangers must not reach from here. */
function checkPort({ allowHosts }: EgressPolicy, purpose: EgressPurpose, url: URL): void {
  const isUsual = url.port === "" || Object.values(DEFAULT_PORTS).includes(url.port);
  if (purpose === "web" && !isUsual && !allowHosts.has(hostAndPort(url))) throw new EgressError("blocked_address");
}

function mayBePrivate(policy: EgressPolicy, purpose: EgressPurpose, url: URL): boolean {
  if (purpose === "telemetry") return hostAndPort(url) === policy.collector;
  if (purpose !== "web" && policy.allowPrivateProviderUrls) return true;
  return policy.allowHosts.has(hostAndPort(url)) || (purpose === "local-provider" && isLocalProvider(policy, url));
}

const isLocalProvider = ({ localProviderBases = [] }: EgressPolicy, { href }: URL): boolean =>
  localProviderBases.some((base) => href === base || href.startsWith(`${base}/`));
