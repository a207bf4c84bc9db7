import { EXIT } from "#cli/exit-codes.ts";

/** Runs work that Ctrl-C does not end at once: the first calls `onFirst`, a second one leaves. */
export async function withInterrupts<Value>(onFirst: () => void, work: () => Promise<Value>): Promise<Value> {
  let isFirst = true;
  const interrupt = () => {
    if (!isFirst) process.exit(EXIT.cancelled);
    isFirst = false;
    onFirst();
  };
  process.on("SIGINT", interrupt);
  try {
    return await work();
  } finally {
    process.off("SIGINT", interrupt);
  }
}
