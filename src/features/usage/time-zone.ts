import { DAY, MINUTE } from "#base/clock.ts";
import type { PointGroup } from "#features/usage/schema.ts";
import {
  QUARTER,
  QUARTERS_PER_DAY,
  type QuarterRange,
  quartersAround,
  type TimeSpan,
  type UsagePlace,
} from "#runtime/usage/index.ts";

/** How many quarters of an hour a point of a series has, unless a change of clocks cuts it. */
export const QUARTERS: Readonly<Record<PointGroup, number>> = { hour: 4, day: QUARTERS_PER_DAY };

/** A time during which a zone is the same number of quarters of an hour ahead of UTC. `from` is a quarter since 1970. */
export interface ZoneSegment {
  readonly from: number;
  readonly offset: number;
}

/** Returns whether a text is the name of a time zone, such as `Asia/Kolkata`. */
export function isTimeZone(name: string): boolean {
  // The engine also takes bare offsets, of any number of minutes.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return formatterOf(name) !== undefined;
  } catch {
    return false;
  }
}

const formatterOf = (timeZone: string) =>
  new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset", year: "numeric" });

const OFFSET = /GMT(?:([+-])(\d{2}):(\d{2}))?/;

/** A time zone during a window, as whole quarters of an hour, which the offsets of all zones of today are. */
export class ZonedTime {
  readonly segments: readonly [ZoneSegment, ...ZoneSegment[]];
  readonly #window: QuarterRange;
  readonly #format: Intl.DateTimeFormat;

  constructor(timeZone: string, window: TimeSpan) {
    const { from, to } = window;
    this.#window = quartersAround(window);
    this.#format = formatterOf(timeZone);
    // The first and the last day of the window may begin or end outside of it.
    this.segments = this.#findSegments(toQuarter(from.getTime() - DAY), toQuarter(to.getTime() + DAY));
  }

  /** True if the zone is UTC all the time. */
  get isUtc(): boolean {
    return this.segments.every(({ offset }) => offset === 0);
  }

  /** Returns the number of the local day in which a quarter lies. */
  dayOf(quarter: number): number {
    return Math.floor((quarter + this.#offsetAt(quarter)) / QUARTERS_PER_DAY);
  }

  /** Returns the first quarter of a local day. A day whose midnight a zone skips begins later. */
  beginOf(day: number): number {
    const begins = this.segments.map(({ from, offset }) => Math.max(from, day * QUARTERS_PER_DAY - offset));
    return Math.min(...begins.filter((begin) => this.dayOf(begin) === day));
  }

  /** Returns the first quarter of the local hour that begins at `quarter` by its own offset. */
  beginOfHour(quarter: number): number {
    const change = this.segments.find(({ from }) => from > quarter && from < quarter + 4);
    // An hour that a change of less than an hour cuts in two begins anew at the change.
    return change && this.#hourOf(change.from - 1) !== quarter ? change.from : quarter;
  }

  /** Returns the local hours or days of the window, by the quarters that they consist of in it. */
  placesIn(group: PointGroup): readonly UsagePlace[] {
    const places = new Map<number, QuarterRange[]>();
    this.segments.forEach(({ from, offset }, index) => {
      const end = Math.min(this.#window.end, this.segments[index + 1]?.from ?? Infinity);
      for (let first = Math.max(this.#window.first, from); first < end; ) {
        const begin = Math.floor((first + offset) / QUARTERS[group]) * QUARTERS[group] - offset;
        const range = { first, end: Math.min(end, begin + QUARTERS[group]) };
        const place = group === "day" ? this.dayOf(first) : begin;
        places.set(place, joined(places.get(place) ?? [], range));
        first = range.end;
      }
    });
    return Array.from(places, ([place, ranges]) => ({ place, ranges }));
  }

  #hourOf(quarter: number): number {
    const offset = this.#offsetAt(quarter);
    return Math.floor((quarter + offset) / 4) * 4 - offset;
  }

  #offsetAt(quarter: number): number {
    return (this.segments.findLast(({ from }) => from <= quarter) ?? this.segments[0]).offset;
  }

  #readOffset(quarter: number): number {
    const name = this.#format.formatToParts(new Date(quarter * QUARTER)).find(({ type }) => type === "timeZoneName");
    const [, sign, hours = "0", minutes = "0"] = OFFSET.exec(name?.value ?? "") ?? [];
    const ahead = ((Number(hours) * 60 + Number(minutes)) * MINUTE) / QUARTER;
    return Math.trunc(sign === "-" ? -ahead : ahead);
  }

  /** Looks at each day, and within a day with a change for the quarter of the change. */
  #findSegments(first: number, end: number): readonly [ZoneSegment, ...ZoneSegment[]] {
    const segments: [ZoneSegment, ...ZoneSegment[]] = [{ from: first, offset: this.#readOffset(first) }];
    let { offset } = segments[0];
    for (let day = first; day < end; day += QUARTERS_PER_DAY) {
      const next = this.#readOffset(day + QUARTERS_PER_DAY);
      if (next === offset) continue;
      segments.push({ from: this.#findChange(day, day + QUARTERS_PER_DAY, offset), offset: next });
      offset = next;
    }
    return segments;
  }

  #findChange(before: number, after: number, offset: number): number {
    let [low, high] = [before, after];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#readOffset(middle) === offset) low = middle;
      else high = middle;
    }
    return high;
  }
}

/** Adds a range after others. If it continues the last one, both become one. */
function joined(ranges: readonly QuarterRange[], range: QuarterRange): QuarterRange[] {
  const last = ranges.at(-1);
  return last?.end === range.first ? [...ranges.slice(0, -1), { ...last, end: range.end }] : [...ranges, range];
}

const toQuarter = (milliseconds: number) => Math.floor(milliseconds / QUARTER);

/** Returns the time at which a local day begins, given as `2026-03-08`, and the time at which the next one begins. */
export function toZonedDay(date: string, timeZone: string): TimeSpan {
  const noon = new Date(`${date}T12:00:00Z`);
  const zone = new ZonedTime(timeZone, { from: noon, to: noon });
  const day = Math.floor(noon.getTime() / DAY);
  return { from: new Date(zone.beginOf(day) * QUARTER), to: new Date(zone.beginOf(day + 1) * QUARTER) };
}
