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
}

export interface StoredMessages {
  readonly messages: readonly StoredMessage[];
  /** The place of the first of them in the whole transcript. */
  readonly start: number;
  readonly isLoaded: boolean;
  readonly refusal: GoClawError | undefined;
  /** Loads what was said before. Absent at the beginning. */
  readonly loadOlder: (() => void) | undefined;
}

/**
 * Reads the end of a transcript, more of it as the reader goes back, and what is new as `count` grows. A transcript only
 * grows at its end, so nothing is read twice. If it became shorter, it was reset, and is read anew.
 */
export function useStoredMessages(sessionKey: string | undefined, count: number | undefined): StoredMessages {
  const { connection } = useGateway();
  const [loaded, setLoaded] = useState<Loaded>();
  const [refusal, setRefusal] = useState<GoClawError>();
  const current = useRef<Loaded | undefined>(undefined);
  const isReading = useRef(false);

  const read = useCallback(
    async (key: string, offset: number, limit: number) =>
      (await connection.call("sessions.messages", { key, offset, limit })).messages,
    [connection],
  );

  const show = useCallback((next: Loaded | undefined) => {
    current.current = next;
    setLoaded(next);
  }, []);

  const catchUp = useCallback(
    async (key: string, total: number) => {
      const known = current.current?.sessionKey === key ? current.current : undefined;
      const end = known ? known.start + known.messages.length : 0;
      if (known && end === total) return;
      const isGrowth = known !== undefined && total > end;
      const start = isGrowth ? known.start : Math.max(0, total - PAGE);
      let messages = isGrowth ? known.messages : [];
      for (let at = start + messages.length; at < total; ) {
        const next = await read(key, at, MOST);
        if (next.length === 0) break;
        messages = [...messages, ...next];
        at += next.length;
      }
      show({ sessionKey: key, messages, start });
    },
    [read, show],
  );

  useEffect(() => {
    if (sessionKey === undefined || count === undefined) return;
    setRefusal(undefined);
    catchUp(sessionKey, count).catch((thrown: unknown) => {
      if (thrown instanceof GoClawError) setRefusal(thrown);
    });
  }, [sessionKey, count, catchUp]);

  const loadOlder = useCallback(() => {
    const known = current.current;
    if (!known || known.start === 0 || isReading.current) return;
    isReading.current = true;
    const start = Math.max(0, known.start - PAGE);
    read(known.sessionKey, start, known.start - start)
      .then((older) => {
        const now = current.current;
        if (now?.sessionKey === known.sessionKey) show({ ...now, messages: [...older, ...now.messages], start });
      })
      .catch(() => {})
      .finally(() => {
        isReading.current = false;
      });
  }, [read, show]);

  const shown = loaded?.sessionKey === sessionKey ? loaded : undefined;
  return {
    messages: shown?.messages ?? NONE,
    start: shown?.start ?? 0,
    isLoaded: shown !== undefined,
    refusal,
    loadOlder: shown && shown.start > 0 ? loadOlder : undefined,
  };
}
