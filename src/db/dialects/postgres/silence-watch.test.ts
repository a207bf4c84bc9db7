import { expect, test } from "bun:test";
import { type ProbeAnswer, SilenceWatch } from "#db/dialects/postgres/silence-watch.ts";

/** Answers one probe after the other, and with the last answer from then on. */
function startWatch(...answers: readonly ProbeAnswer[]) {
  const calls: string[] = [];
  const left = [...answers];
  const watch = new SilenceWatch({
    probe: async () => {
      calls.push("probe");
      return (left.length > 1 ? left.shift() : left[0]) as ProbeAnswer;
    },
    onSilence: () => calls.push("silence"),
    onLoss: () => calls.push("loss"),
  });
  const wait = (processId?: number) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = { processId, giveUp: resolve };
    watch.begin(waiting);
    return { waiting, ended: promise };
  };
  return { watch, calls, wait };
}

const WORKING: ProbeAnswer = { isSilent: false, working: new Set([7]) };

test("a query on which the server works is looked at again, also if nobody else waits", async () => {
  const { watch, calls, wait } = startWatch(WORKING, { isSilent: true });
  await wait(7).ended;
  expect(calls).toEqual(["probe", "probe", "silence"]);
  expect(watch.isSilent).toBe(true);
  watch.close();
});

test("a query of which the server knows nothing is given up, and the server is not silent", async () => {
  const { watch, calls, wait } = startWatch(WORKING);
  const [known, lost] = [wait(7), wait(8)];
  await lost.ended;
  expect([calls, watch.isSilent]).toEqual([["probe", "loss"], false]);
  watch.end(known.waiting);
  watch.close();
});

test("a silent server is asked again until it answers, and is silent once", async () => {
  const { watch, calls, wait } = startWatch({ isSilent: true }, { isSilent: true }, { isSilent: false });
  const { waiting, ended } = wait();
  await ended;
  watch.end(waiting);
  while (watch.isSilent) await Bun.sleep(20);
  expect(calls).toEqual(["probe", "silence", "probe", "probe"]);
  watch.close();
});
