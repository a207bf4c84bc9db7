import { useCallback, useEffect, useRef, useState } from "react";
import { GoClawError } from "#client/index.ts";
import type { StoredMessage } from "#web/chat/transcript/to-items.ts";
import { useGateway } from "#web/live/gateway.tsx";

/** As many as a screen shows at first, and are added when a reader scrolls up. */
const PAGE = 60;
/** The most that one call returns. */
const MOST = 200;

const NONE: readonly StoredMessage[] = [];

interface Loaded {
  readonly sessionKey: string;
  readonly messages: readonly StoredMessage[];
  /** The place of the first of them in the transcript. */
  readonly start: number;
  readonly version: unknown;
}

export interface StoredMessages {
  readonly messages: readonly StoredMessage[];
  /** The place of the first of them in the whole transcript. */
  readonly start: number;
  readonly isLoaded: boolean;
  /** False while what is new since another version is still to be read. */
  readonly isCurrent: boolean;
  readonly refusal: GoClawError | undefined;
  /** Loads what was said before. Absent at the beginning. */
  readonly loadOlder: (() => void) | undefined;
}

/**
 * Reads the end of a transcript, more of it as the reader goes back, and what is new. `version` changes whenever the
 * transcript may have changed. It only grows at its end, so nothing is read twice. If it became shorter, it was reset,
 * and is read anew.
 */
export function useStoredMessages(sessionKey: string | undefined, version: unknown): StoredMessages {
  const { connection } = useGateway();
  const [loaded, setLoaded] = useState<Loaded>();
  const [refusal, setRefusal] = useState<GoClawError>();
  const current = useRef<Loaded | undefined>(undefined);
  const isReading = useRef(false);

  const show = useCallback((next: Loaded) => {
    current.current = next;
    setLoaded(next);
  }, []);

  const catchUp = useCallback(
    async (key: string, version: unknown, signal: AbortSignal) => {
      const read = (page: { readonly offset: number; readonly limit: number; readonly from_end?: boolean }) =>
        connection.call("sessions.messages", { key, ...page }, { signal });
      let known = current.current?.sessionKey === key ? current.current : undefined;
      for (;;) {
        const end = known ? known.start + known.messages.length : 0;
        const { messages, total } = await read(
          known ? { offset: end, limit: MOST } : { offset: 0, limit: PAGE, from_end: true },
        );
        if (!known) known = { sessionKey: key, messages, start: total - messages.length, version };
        else if (total < end) known = undefined;
        else known = { ...known, messages: [...known.messages, ...messages], version };
        if (signal.aborted) return;
        const isComplete = known && known.start + known.messages.length >= total;
        if (known && (isComplete || messages.length === 0)) return show(known);
      }
    },
    [connection, show],
  );

  useEffect(() => {
    if (sessionKey === undefined) return;
    const stop = new AbortController();
    setRefusal(undefined);
    catchUp(sessionKey, version, stop.signal).catch((thrown: unknown) => {
      if (!stop.signal.aborted && thrown instanceof GoClawError) setRefusal(thrown);
    });
    return () => stop.abort();
  }, [sessionKey, version, catchUp]);

  const loadOlder = useCallback(() => {
    const known = current.current;
    if (!known || known.start === 0 || isReading.current) return;
    isReading.current = true;
    const { sessionKey: key, messages: held, start, version } = known;
    connection
      .call("sessions.messages", { key, offset: held.length, limit: PAGE, from_end: true })
      .then(({ messages, total }) => {
        // What is new is read first. The reader scrolls on and asks again.
        if (current.current !== known || total !== start + held.length) return;
        show({ sessionKey: key, messages: [...messages, ...held], start: start - messages.length, version });
      })
      .catch(() => {})
      .finally(() => {
        isReading.current = false;
      });
  }, [connection, show]);

  const shown = loaded?.sessionKey === sessionKey ? loaded : undefined;
  return {
    messages: shown?.messages ?? NONE,
    start: shown?.start ?? 0,
    isLoaded: shown !== undefined,
    isCurrent: shown?.version === version,
    refusal,
    loadOlder: shown && shown.start > 0 ? loadOlder : undefined,
  };
}
