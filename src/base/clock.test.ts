import { expect, test } from "bun:test";
import {
  DAY,
  END_OF_TIME,
  elapsedOf,
  HOUR,
  MINUTE,
  SECOND,
  systemClock,
  toSortable,
  toTimestamp,
} from "#base/clock.ts";

test("times are counted in milliseconds", () => {
  expect([SECOND, MINUTE, HOUR, DAY]).toEqual([1_000, 60_000, 3_600_000, 86_400_000]);
});

test("waits are counted by a clock's own count, else by its time", () => {
  const now = () => new Date(7);
  expect([elapsedOf({ now }), elapsedOf({ now, elapsed: () => 0 })]).toEqual([7, 0]);
});

test("the clock of the machine counts whole milliseconds", () => {
  expect(Number.isSafeInteger(elapsedOf(systemClock))).toBe(true);
});

test("a timestamp has milliseconds and is in UTC", () => {
  expect(toTimestamp(new Date(1_000))).toBe("1970-01-01T00:00:01.000Z");
});

test("a time after the end of time is the end of time", () => {
  const [before, after] = [new Date(END_OF_TIME.getTime() - 1), new Date(END_OF_TIME.getTime() + 1)];
  expect(toSortable(before)).toEqual(before);
  expect(toSortable(after)).toEqual(END_OF_TIME);
});
