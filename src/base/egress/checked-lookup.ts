import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { EgressError } from "#base/egress/egress-error.ts";

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** Asks the system, which honours its hosts file. */
export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/** Resolves a name and refuses it as a whole if a single one of its addresses is refused. */
export async function resolveChecked(
  resolve: Resolve,
  hostname: string,
  check: (address: string) => void,
): Promise<readonly string[]> {
  const addresses = await resolve(hostname).catch((cause: unknown) => {
    throw new EgressError("dns", { cause });
  });
  if (addresses.length === 0) throw new EgressError("dns");
  addresses.forEach(check);
  return addresses;
}

/**
 * A `lookup` for sockets: what was checked is what gets dialled, so a name cannot change its address in between.
 * Sockets never call it for a literal address, which has to be checked before.
 */
export function createCheckedLookup(resolve: Resolve, check: (address: string) => void): LookupFunction {
  return (hostname, options, callback) => {
    resolveChecked(resolve, hostname, check).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIP(address) }));
        if (options.all) return callback(null, found);
        callback(null, found[0]?.address ?? "", found[0]?.family ?? 4);
      },
      (error: Error) => callback(error, "", 0),
    );
  };
}
