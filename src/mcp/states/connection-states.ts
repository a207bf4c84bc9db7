import { BoundedCache } from "#base/caches/bounded-cache.ts";
import { type Clock, toTimestamp } from "#base/clock.ts";
import type { TenantId } from "#base/ids.ts";

/** From the best to the worst. */
export const CONNECTION_STATES = ["idle", "connected", "connecting", "failed"] as const;

export interface ConnectionState {
  readonly state: (typeof CONNECTION_STATES)[number];
  readonly since: string;
  /** Why it failed, in the gateway's own words. */
  readonly error?: string | undefined;
}

/** What this process knows of the connections to one server. */
export interface ServerState extends Pick<ConnectionState, "state" | "error"> {
  /** Undefined if this process has not called the server. */
  readonly since?: string | undefined;
  /** Undefined if the server has not listed its tools. */
  readonly toolCount?: number | undefined;
  /** The settled states, newest first. A try that failed like the one before adds none. */
  readonly story: readonly ConnectionState[];
}

/** What a connection reports of itself. */
export type ReportState = (
  state: ConnectionState["state"],
  about: { readonly error?: string | undefined; readonly toolCount?: number | undefined },
) => void;

interface OneConnection extends ConnectionState {
  readonly toolCount: number | undefined;
}

interface Known {
  readonly connections: Map<string, OneConnection>;
  story: readonly ConnectionState[];
}

interface ServerPlace {
  readonly tenantId: TenantId;
  readonly serverId: string;
}

interface Place extends ServerPlace {
  readonly userId: string;
}

/** Hears of each change to what is known of a server. */
export type OnStateChange = (server: ServerPlace, state: ServerState) => void;

const MAX_SERVERS = 5_000;
const STORY_LENGTH = 10;

const UNUSED: ServerState = { state: "idle", story: [] };

/** The states of the servers that this process has called. Of several connections to one server, the worst counts. */
export class ConnectionStates {
  readonly #clock: Clock;
  readonly #onChange: OnStateChange;
  readonly #servers = new BoundedCache<string, Known>({ max: MAX_SERVERS });

  constructor(clock: Clock, onChange: OnStateChange) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  report(place: Place, state: ConnectionState["state"], { error, toolCount }: Parameters<ReportState>[1]): void {
    const id = idOf(place);
    const earlier = this.of(place);
    const known: Known = this.#servers.get(id) ?? { connections: new Map(), story: [] };
    const before = known.connections.get(place.userId);
    const isSame = before?.state === state && before.error === error;
    const since = isSame ? before.since : this.#now();
    known.connections.set(place.userId, { state, since, error, toolCount });
    this.#servers.set(id, known);
    this.#tell(known);
    this.#announce(place, earlier);
  }

  /** Forgets a connection that is closed for good, but not what happened to it. */
  forget(place: Place): void {
    const known = this.#servers.peek(idOf(place));
    const earlier = this.of(place);
    if (!known?.connections.delete(place.userId)) return;
    this.#tell(known);
    this.#announce(place, earlier);
  }

  of(place: ServerPlace): ServerState {
    const known = this.#servers.peek(idOf(place));
    if (!known) return UNUSED;
    const { story } = known;
    const counts = [...known.connections.values()].flatMap(({ toolCount = [] }) => toolCount);
    const toolCount = known.connections.get("")?.toolCount ?? counts[0];
    const worst = worstOf(known);
    const [latest] = story;
    // A failure lasts since the first of several failed tries.
    const isTold = worst === undefined || (latest?.state === worst.state && latest.error === worst.error);
    const { state = "idle", since, error } = (isTold ? latest : worst) ?? {};
    return { state, since, error, toolCount, story };
  }

  #tell(known: Known): void {
    const { state = "idle", error, since = this.#now() } = worstOf(known) ?? {};
    const [latest] = known.story;
    const isNew = latest ? latest.state !== state || latest.error !== error : state !== "idle";
    if (state !== "connecting" && isNew) known.story = [{ state, error, since }, ...known.story].slice(0, STORY_LENGTH);
  }

  #announce(place: ServerPlace, { state, error, toolCount }: ServerState): void {
    const now = this.of(place);
    if (now.state !== state || now.error !== error || now.toolCount !== toolCount) this.#onChange(place, now);
  }

  #now(): string {
    return toTimestamp(this.#clock.now());
  }
}

const idOf = ({ tenantId, serverId }: ServerPlace): string => `${tenantId} ${serverId}`;

const badness = ({ state }: ConnectionState): number => CONNECTION_STATES.indexOf(state);

const worstOf = ({ connections }: Known): OneConnection | undefined =>
  [...connections.values()].toSorted((a, b) => badness(b) - badness(a))[0];
