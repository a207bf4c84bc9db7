import { expect, test } from "bun:test";
import { nextTurn } from "#base/threads/next-turn.ts";

test("timers that are due run before the next turn, also the first time", async () => {
  let runs = 0;
  const timer = setInterval(() => runs++, 1);
  // The poll of the event loop calls this, as it calls whoever reads a socket.
  await Bun.sleep(5);
  const work = () => {
    const until = performance.now() + 5;
    while (performance.now() < until);
  };
  for (let turn = 0; turn < 3; turn++) {
    const before = runs;
    work();
    await nextTurn();
    expect(runs).toBeGreaterThan(before);
  }
  clearInterval(timer);
});
