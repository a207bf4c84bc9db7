import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { BoundedCache } from "#base/caches/bounded-cache.ts";

/** Ranges that ipaddr.js classifies as unicast although they are not part of the public internet. */
const CLOSED_IPV4 = ["192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24", "168.63.129.16/32"].map(
  (range) => ipaddr.IPv4.parseCIDR(range),
);

/** The only range from which IANA assigns global IPv6 addresses ("IPv6 Global Unicast Address Assignments"). */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");

/** Special ranges inside `GLOBAL_IPV6`: protocol assignments with Teredo and ORCHID, documentation, 6to4, AS112. */
const CLOSED_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48"].map((range) =>
  ipaddr.IPv6.parseCIDR(range),
);

/** Prefixes of addresses whose last 32 bits are an IPv4 address: compatible, mapped, translated, NAT64. */
const IPV4_CARRIERS = ["::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48"].map((range) =>
  ipaddr.IPv6.parseCIDR(range),
);

const METADATA_ADDRESSES = new Set(
  [
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "fd20:ce::254",
  ].map((address) => ipaddr.parse(address).toNormalizedString()),
);

const METADATA_NAMES = new Set(["metadata.google.internal", "metadata.goog", "instance-data.ec2.internal"]);

interface Verdict {
  readonly isGlobal: boolean;
  readonly isMetadata: boolean;
}

/** A cache. Parsing an address costs as much as all other checks of a request, and the same few addresses recur. */
const verdicts = new BoundedCache<string, Verdict>({ max: 1_000 });

function judge(host: string): Verdict {
  const known = verdicts.get(host);
  if (known) return known;
  const verdict = { isGlobal: isGlobal(host), isMetadata: isMetadata(host) };
  verdicts.set(host, verdict);
  return verdict;
}

/** Returns whether an IP address belongs to the public internet. Returns false if the text is not one IP address. */
export const isGlobalAddress = (ip: string): boolean => judge(ip).isGlobal;

/**
 * Returns whether a host is a cloud's metadata service, which gives machines their credentials.
 * Recognizes names, addresses, and IPv4 addresses embedded in IPv6.
 */
export const isMetadataAddress = (host: string): boolean => judge(host).isMetadata;

function isGlobal(ip: string): boolean {
  const address = parseAddress(ip);
  if (address === undefined) return false;
  if (address instanceof ipaddr.IPv4) {
    return address.range() === "unicast" && !CLOSED_IPV4.some((range) => address.match(range));
  }
  return address.match(GLOBAL_IPV6) && !CLOSED_IPV6.some((range) => address.match(range)) && !isIsatap(address);
}

function isMetadata(host: string): boolean {
  const address = parseAddress(host);
  if (address === undefined) return METADATA_NAMES.has(host.toLowerCase().replace(/\.+$/, ""));
  const embedded = address instanceof ipaddr.IPv6 ? embeddedIpv4(address) : [];
  return [address, ...embedded].some((candidate) => METADATA_ADDRESSES.has(candidate.toNormalizedString()));
}

function parseAddress(ip: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  return isIP(ip) === 0 || ip.includes("%") ? undefined : ipaddr.parse(ip);
}

/** Returns whether an address is ISATAP, with `0:5efe` or `200:5efe` before an IPv4 address, under any prefix. */
const isIsatap = ({ parts }: ipaddr.IPv6) => parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200);

function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4[] {
  const bytes = address.toByteArray();
  const at = (offset: number) => new ipaddr.IPv4(bytes.slice(offset, offset + 4));
  if (IPV4_CARRIERS.some((range) => address.match(range)) || isIsatap(address)) return [at(12)];
  if (address.range() === "6to4") return [at(2)];
  if (address.range() === "teredo") return [new ipaddr.IPv4(bytes.slice(12).map((byte) => byte ^ 0xff))];
  return [];
}
