/** Lists of the names that a server gives its tools. An empty `allow` permits all. */
export interface ToolFilter {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** Returns whether every filter permits a tool. What one of them denies is denied. */
export const isPermitted = (toolName: string, filters: readonly ToolFilter[]): boolean =>
  filters.every(({ allow, deny }) => (allow.length === 0 || allow.includes(toolName)) && !deny.includes(toolName));
