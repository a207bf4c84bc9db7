import { BlockList, isIP } from "node:net";
import { bareHost, type EgressPolicy, hostAndPort } from "#base/egress/egress-policy.ts";

/** Decides whether a request goes to its target directly instead of through the operator's proxy. */
export type GoesDirect = (url: URL) => boolean;

/** One entry of the list. `port` is empty for every port. */
type Entry =
  | { readonly kind: "all" }
  | { readonly kind: "addresses"; readonly addresses: BlockList; readonly port: string }
  | { readonly kind: "name"; readonly name: string; readonly port: string };

const LOOPBACK = ["localhost", "127.0.0.0/8", "::1"];

/** Without a list of the operator, this machine and the hosts that the operator allows are reached directly. */
export function createDefaultBypass({ allowHosts }: EgressPolicy): GoesDirect {
  const isLoopback = createBypass(LOOPBACK);
  return (url) => isLoopback(url) || allowHosts.has(hostAndPort(url));
}

/**
 * Creates the decision from a list in the format of curl's NO_PROXY: `host` and `.suffix` for a name and the names
 * below it, an address or a range of addresses, `*` for everything. `:port` limits an entry to one port.
 */
export function createBypass(texts: readonly string[]): GoesDirect {
  const entries = texts.flatMap((text) => parseEntry(text) ?? []);
  return (url) => entries.some((entry) => matches(entry, url));
}

export const isNoProxyEntry = (text: string): boolean => parseEntry(text) !== undefined;

function parseEntry(text: string): Entry | undefined {
  const entry = text.trim().toLowerCase();
  if (entry === "*") return { kind: "all" };
  const whole = toAddresses(entry);
  if (whole) return { kind: "addresses", addresses: whole, port: "" };
  const [, host = "", port = ""] = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(entry) ?? [];
  const addresses = toAddresses(host.replace(/^\[|\]$/g, ""));
  if (addresses) return { kind: "addresses", addresses, port };
  const name = host.replace(/^\*?\./, "").replace(/\.$/, "");
  if (!/^[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*$/u.test(name) || /^[\d.]+$/.test(name)) return undefined;
  return { kind: "name", name: URL.parse(`http://${name}`)?.hostname ?? name, port };
}

/** Returns undefined if the text is neither an address nor a range in CIDR form. */
function toAddresses(text: string): BlockList | undefined {
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return undefined;
  const longest = version === 4 ? 32 : 128;
  const length = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (!(length <= longest)) return undefined;
  const addresses = new BlockList();
  addresses.addSubnet(address, length, version === 4 ? "ipv4" : "ipv6");
  return addresses;
}

function matches(entry: Entry, url: URL): boolean {
  if (entry.kind === "all") return true;
  if (entry.port !== "" && !hostAndPort(url).endsWith(`:${entry.port}`)) return false;
  const host = bareHost(url).replace(/\.$/, "");
  if (entry.kind === "name") return host === entry.name || host.endsWith(`.${entry.name}`);
  const version = isIP(host);
  return version !== 0 && entry.addresses.check(host, version === 4 ? "ipv4" : "ipv6");
}
