import { createHash } from "node:crypto";

/** The longest name of a tool that every model provider takes. */
const MAX_CHARS = 64;
const HASH_CHARS = 8;

/**
 * Returns the prefix of a server's tools. It always begins with `mcp_`, so no tool of a server can have the name of
 * a tool of the gateway.
 */
export function toolPrefixOf({ name, toolPrefix }: { readonly name: string; readonly toolPrefix: string }): string {
  const chosen = toolPrefix === "" ? name.replaceAll("-", "_") : toolPrefix;
  return chosen.startsWith("mcp_") ? chosen : `mcp_${chosen}`;
}

/**
 * Returns the names by which models call the tools of a server, in their order. `taken` holds the names of other
 * servers, and receives the new ones. A name that had to be changed ends with a hash of the server and the true name.
 */
export function nameTools(
  server: { readonly id: string; readonly prefix: string },
  toolNames: readonly string[],
  taken: Set<string>,
): readonly string[] {
  return toolNames.map((toolName) => {
    const plain = `${server.prefix}__${toolName}`;
    const written = plain.replace(/[^a-zA-Z0-9_-]/g, "_");
    const isExact = written === plain && written.length <= MAX_CHARS && !taken.has(written);
    const name = isExact ? written : `${written.slice(0, MAX_CHARS - HASH_CHARS - 1)}_${hashOf(server.id, toolName)}`;
    taken.add(name);
    return name;
  });
}

const hashOf = (serverId: string, toolName: string): string =>
  createHash("sha256").update(`${serverId}\n${toolName}`).digest("hex").slice(0, HASH_CHARS);
