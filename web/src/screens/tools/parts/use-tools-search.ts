import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

interface ToolsSearch {
  /** What the list is searched for. */
  readonly q: string;
  /** The thing whose details are open. */
  readonly item: string | undefined;
  /** The part of the details that is shown. */
  readonly part: string | undefined;
  /** The version of a skill that is shown. */
  readonly version: string | undefined;
  readonly setSearch: (changes: Partial<Record<"q" | "part" | "version", string>>) => void;
  readonly close: () => void;
}

/** What the address says of the screen of tools, and the ways to change it. */
export function useToolsSearch(): ToolsSearch {
  const { q = "", item, part, version } = useSearch({ from: "/tools" });
  const navigate = useNavigate({ from: "/tools" });
  const setSearch = useCallback(
    (changes: Partial<Record<"q" | "part" | "version", string>>) =>
      void navigate({ search: (before) => ({ ...before, ...changes }), replace: true }),
    [navigate],
  );
  const close = useCallback(
    () => void navigate({ search: ({ item: _, part: __, version: ___, ...rest }) => rest }),
    [navigate],
  );
  return { q, item, part, version, setSearch, close };
}

/** Returns the address of a thing's details. */
export const toItemHref = (tab: string, item: string): string => `/tools?tab=${tab}&item=${encodeURIComponent(item)}`;
