import { Thread, type ThreadOptions } from "#base/threads/thread.ts";

/** What a thread of these tests does: it answers, throws, exits, or works until it is ended. */
export type Task = Answering | "throw" | "exit" | "hang" | "grow";

interface Answering {
  readonly answer: string;
  /** Texts that are sent before the answer. */
  readonly texts?: readonly string[];
  /** The task sets the first number as it begins, and waits until the second one is set. */
  readonly gate?: Int32Array<SharedArrayBuffer>;
}

const PROGRAM = `
  let kept;
  self.onmessage = ({ data }) => {
    if (data === "throw") throw new Error("no");
    if (data === "exit") process.exit(1);
    if (data === "grow") kept = new Uint8Array(200_000_000).fill(1);
    if (data === "hang" || data === "grow") return;
    if (data.gate) {
      Atomics.store(data.gate, 0, 1);
      Atomics.wait(data.gate, 1, 0);
    }
    if (data.texts) postMessage(data.texts);
    postMessage(data.answer);
  };
`;

/** Makes options for threads, and counts those that were started. */
export function threadOptions(changes: Partial<ThreadOptions> = {}) {
  const url = URL.createObjectURL(new Blob([PROGRAM]));
  const started = { times: 0 };
  const start = () => {
    started.times++;
    return new Worker(url);
  };
  const options: ThreadOptions = { start, timeoutMs: 60_000, ...changes };
  return { options, started };
}

/** A gate that a task waits at. */
export function aGate() {
  const gate = new Int32Array(new SharedArrayBuffer(8));
  const open = () => {
    Atomics.store(gate, 1, 1);
    Atomics.notify(gate, 1);
  };
  return { gate, open, isReached: () => Atomics.load(gate, 0) === 1 };
}

export const aThread = (changes?: Partial<ThreadOptions>) => {
  const { options, started } = threadOptions(changes);
  return { thread: new Thread<Task, string>(options), started };
};
