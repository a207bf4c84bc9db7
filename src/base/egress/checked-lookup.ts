import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { EgressError } from "#base/egress/egress-error.ts";

/** Resolves a host name to all its addresses. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** Uses the system's resolver, which honours the hosts file. */
export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/**
 * Resolves a name and checks all its addresses. Rejects if `check` throws for at least one of them.
 * Rejects with an `EgressError` of kind `dns` if the name does not resolve.
 */
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
 * Creates a `lookup` for sockets that returns only checked addresses.
 * The socket dials exactly these, so a name cannot change its address between check and dial.
 * Sockets do not call it for literal addresses. The caller has to check those first.
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
