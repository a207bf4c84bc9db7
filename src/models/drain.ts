import { SECOND } from "#base/clock.ts";

type Drainable = { read(): Promise<{ readonly done: boolean }>; cancel(): Promise<void> };

const DRAIN_TIME = 1 * SECOND;

/** Reads the last bytes after the finish, so that the connection can be used again; gives up soon. */
export async function drain(reader: Drainable): Promise<void> {
  const timer = setTimeout(() => void close(reader), DRAIN_TIME);
  const read = async (): Promise<void> => {
    while (!(await reader.read()).done);
  };
  await read().catch(() => undefined);
  clearTimeout(timer);
}

/** Closes the connection. What it says about that does not matter any more. */
export const close = (reader: Pick<Drainable, "cancel">): Promise<void> => reader.cancel().catch(() => undefined);
