import { expect, test } from "bun:test";
import { MASTER_TENANT_ID, newId, toTenantId } from "#base/ids.ts";
import { FairTurns } from "#base/threads/fair-turns.ts";

const [a, b] = [MASTER_TENANT_ID, toTenantId(newId())];

test("one task runs after the other, of each tenant in turn", async () => {
  const turns = new FairTurns();
  const log: string[] = [];
  const task = (name: string) => async () => {
    log.push(`${name} begins`);
    await Bun.sleep(1);
    log.push(`${name} ends`);
    return name;
  };
  const results = await Promise.all([
    turns.run(a, task("a1")),
    turns.run(a, task("a2")),
    turns.run(a, task("a3")),
    turns.run(b, task("b1")),
  ]);
  expect(results).toEqual(["a1", "a2", "a3", "b1"]);
  expect(log).toEqual(["a1", "a2", "b1", "a3"].flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test("a failed task fails for its caller alone", async () => {
  const turns = new FairTurns();
  const failed = turns.run(a, () => Promise.reject(new Error("no picture")));
  const next = turns.run(a, async () => "next");
  await expect(failed).rejects.toThrow("no picture");
  expect(await next).toBe("next");
  expect(await turns.run(b, async () => "later")).toBe("later");
});
