import { describe, expect, test } from "bun:test";
import { ZonedTime } from "#features/usage/time-zone.ts";

describe("the days of a zone", () => {
  test("are one range each, also where the clocks change within them", () => {
    const window = { from: new Date("2026-03-28T23:00:00Z"), to: new Date("2026-03-30T22:00:00Z") };
    const places = new ZonedTime("Europe/Berlin", window).placesIn("day");
    expect(places.map(({ ranges }) => ranges.map(({ first, end }) => end - first))).toEqual([[23 * 4], [24 * 4]]);
  });
});
