import { SECOND } from "#base/clock.ts";

/** The unread rest of an answer. */
interface Rest {
  /** Resolves with true if there may be more to read. */
  readMore(): Promise<boolean>;
  /** Closes the connection. */
  close(): void;
}

const DRAIN_TIME = 1 * SECOND;

/**
 * Reads the remaining bytes after the finish, so that the connection can be reused. Closes the connection after
 * `DRAIN_TIME`.
 */
export async function drain({ readMore, close }: Rest): Promise<void> {
  const timer = setTimeout(close, DRAIN_TIME);
  const read = async (): Promise<void> => {
    while (await readMore());
  };
  await read().catch(() => undefined);
  clearTimeout(timer);
}
