import { DAY, HOUR, MINUTE, SECOND } from "#base/clock.ts";

const UNITS = [
  { name: "d", length: DAY },
  { name: "h", length: HOUR },
  { name: "m", length: MINUTE },
  { name: "s", length: SECOND },
] as const;
/** Farther away, a date says more. */
const FAR = 30 * DAY;

/** Says how far a time is from now, such as `3m ago` or `in 2d`. Returns the date of a time that is far away. */
export function toAge(time: string, now = Date.now()): string {
  const moment = Date.parse(time);
  if (Number.isNaN(moment)) return time;
  const distance = Math.abs(now - moment);
  if (distance >= FAR) return new Date(moment).toISOString().slice(0, 10);
  const unit = UNITS.find(({ length }) => distance >= length);
  if (!unit) return "now";
  const text = `${Math.round(distance / unit.length)}${unit.name}`;
  return moment <= now ? `${text} ago` : `in ${text}`;
}
