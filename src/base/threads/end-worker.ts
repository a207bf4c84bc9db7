/** Ends a thread. Resolves when it has let go of its files. */
export function endWorker(worker: Worker): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  worker.addEventListener("close", () => resolve(), { once: true });
  // The process must not end before.
  worker.ref();
  worker.terminate();
  return promise;
}
