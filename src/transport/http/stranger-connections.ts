import { dlopen } from "bun:ffi";
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { SECOND } from "#base/clock.ts";

/** The part of the process's descriptors above which connections without an authenticated call are ended. */
const STRANGERS_SHARE = 1 / 2;
const CHECK_MS = SECOND;
/** `ESTABLISHED` in `/proc/net/tcp`. */
const ESTABLISHED = "01";
/** `SHUT_RDWR` of `shutdown(2)`. */
const BOTH_DIRECTIONS = 2;

export interface GuardedServer {
  readonly port: number | undefined;
  /** Returns the remote ports of all connections with an authenticated call. */
  readonly portsAtWork: () => ReadonlySet<number>;
  readonly closeIdleConnections: () => void;
}

/**
 * Keeps connections of strangers from taking the descriptors that the gateway's own calls and files need. Checks every
 * second. While more than half of the descriptors are in use, ends the connections without an authenticated call that
 * had none at the check before. Bun has no limit of its own, so Linux is asked which sockets belong to the port. Where
 * the limit of descriptors cannot be read, nothing happens.
 */
export function limitStrangers(server: GuardedServer): void {
  const limit = descriptorLimit();
  if (limit === undefined) return;
  let spare = openDescriptor();
  let before: ReadonlyMap<string, number> = new Map();
  const check = () => {
    if (lowestFree() < limit * STRANGERS_SHARE) {
      before = new Map();
      return;
    }
    server.closeIdleConnections();
    // Files cannot be read without a free descriptor.
    if (spare !== undefined) closeSync(spare);
    const silent = findSilent(server);
    // All of this is one turn, so no connection can close meanwhile and give its number away.
    const shutdown = openShutdown();
    for (const [inode, descriptor] of silent) if (before.has(inode)) shutdown(descriptor, BOTH_DIRECTIONS);
    before = silent;
    spare = openDescriptor();
  };
  setInterval(check, CHECK_MS).unref();
}

/** Returns the smallest number that is free for a descriptor. Without gaps, it is the number of open ones. */
function lowestFree(): number {
  const descriptor = openDescriptor();
  if (descriptor === undefined) return Number.POSITIVE_INFINITY;
  closeSync(descriptor);
  return descriptor;
}

/** Returns a descriptor, or undefined if there is none left. */
function openDescriptor(): number | undefined {
  try {
    return openSync("/dev/null", "r");
  } catch {
    return undefined;
  }
}

/** Returns the soft limit of open files, or undefined where there is no `/proc` or no limit. */
function descriptorLimit(): number | undefined {
  try {
    const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"))?.[1]);
    return Number.isNaN(limit) ? undefined : limit;
  } catch {
    return undefined;
  }
}

/** Returns the descriptors of the server's connections without an authenticated call, by the inodes of their sockets. */
function findSilent({ port, portsAtWork }: GuardedServer): ReadonlyMap<string, number> {
  const atWork = portsAtWork();
  const inodes = new Set(
    readConnections()
      .filter(({ localPort, remotePort }) => localPort === port && !atWork.has(remotePort))
      .map(({ inode }) => inode),
  );
  const found = new Map<string, number>();
  for (const name of readdirSync("/proc/self/fd")) {
    const inode = socketOf(name);
    if (inode !== undefined && inodes.has(inode)) found.set(inode, Number(name));
  }
  return found;
}

/** Returns the open TCP connections of this machine. The format of `/proc/net/tcp` is in proc(5). */
function readConnections() {
  const lines = ["/proc/self/net/tcp", "/proc/self/net/tcp6"].flatMap((file) => readLines(file).slice(1));
  return lines.flatMap((line) => {
    const [, local = "", remote = "", state, , , , , , inode = ""] = line.trim().split(/\s+/);
    return state === ESTABLISHED ? [{ inode, localPort: portOf(local), remotePort: portOf(remote) }] : [];
  });
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, "latin1").split("\n");
  } catch {
    // There is no such file on a machine without IPv6.
    return [];
  }
}

/** Reads the port of an address such as `0100007F:4965`. */
const portOf = (address: string) => Number.parseInt(address.slice(address.lastIndexOf(":") + 1), 16);

/** Returns the inode of a socket, or undefined if the descriptor is something else. */
function socketOf(descriptor: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${descriptor}`))?.[1];
  } catch {
    // This is the descriptor with which the directory was read.
    return undefined;
  }
}

/** Returns `shutdown(2)`. The server sees the end of such a connection and closes it. */
const openShutdown = () => dlopen("libc.so.6", { shutdown: { args: ["i32", "i32"], returns: "i32" } }).symbols.shutdown;
