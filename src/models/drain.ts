import { SECOND } from "#base/clock.ts";

/** The rest of an answer. */
interface Rest {
  /** Resolves with whether there may be more. */
  readMore(): Promise<boolean>;
  /** Closes the connection. */
  close(): void;
}

const DRAIN_TIME = 1 * SECOND;

/** Reads the last bytes after the finish, so that the connection can be used again; gives up soon. */
export async function drain({ readMore, close }: Rest): Promise<void> {
  const timer = setTimeout(close, DRAIN_TIME);
  const read = async (): Promise<void> => {
    while (await readMore());
  };
  await read().catch(() => undefined);
  clearTimeout(timer);
}
