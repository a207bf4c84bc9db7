/** A thread that waits for the system, such as for a disk, ends only afterwards. In milliseconds. */
const LIMIT_MS = 1_000;

/** Ends a thread. Resolves when it has let go of its files, or after a second. */
export async function endWorker(worker: Worker): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  worker.addEventListener("close", () => resolve(), { once: true });
  worker.terminate();
  const limit = setTimeout(resolve, LIMIT_MS);
  await promise;
  clearTimeout(limit);
}
