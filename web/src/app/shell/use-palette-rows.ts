import type { OutputOf } from "#client/index.ts";
import { useCall } from "#web/live/use-call.ts";
import { useDebounced } from "#web/ui/hooks/use-debounced.ts";

type Agent = OutputOf<"agents.list">["agents"][number];
type Session = OutputOf<"sessions.list">["sessions"][number];

/** How many the gateway is asked for of each kind. The rest is found on their screens. */
const LIMIT = 20;
/** How long nothing is typed before the gateway searches, in milliseconds. */
const PAUSE = 200;

/** Something to go to. The palette itself finds it by its name, unless the gateway found it for the text. */
export interface PaletteRow<Item> {
  readonly item: Item;
  readonly isFound: boolean;
}

/** Returns the agents and the latest conversations, together with those that the gateway finds for a text. */
export function usePaletteRows(search: string, isOpen: boolean) {
  const text = search.trim();
  const q = useDebounced(text, PAUSE);
  const searches = { isEnabled: isOpen && q !== "", keepsPrevious: true };
  const agents = useCall("agents.list", {}, { isEnabled: isOpen });
  const sessions = useCall("sessions.list", { limit: LIMIT }, { isEnabled: isOpen });
  const foundAgents = useCall("agents.list", { q, limit: LIMIT }, searches);
  const foundSessions = useCall("sessions.list", { q, limit: LIMIT }, searches);
  const isSearching = text !== q || foundAgents.isFetching || foundSessions.isFetching;
  return {
    agents: toRows<Agent>(agents.data?.agents, q === "" ? [] : foundAgents.data?.agents, ({ id }) => id),
    sessions: toRows<Session>(sessions.data?.sessions, q === "" ? [] : foundSessions.data?.sessions, ({ key }) => key),
    isSearching,
  };
}

function toRows<Item>(
  known: readonly Item[] = [],
  found: readonly Item[] = [],
  keyOf: (item: Item) => string,
): readonly PaletteRow<Item>[] {
  const keys = new Set(found.map(keyOf));
  return [
    ...found.map((item) => ({ item, isFound: true })),
    ...known.filter((item) => !keys.has(keyOf(item))).map((item) => ({ item, isFound: false })),
  ];
}
