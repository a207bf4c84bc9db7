import type { Language } from "#web/i18n/languages.ts";

/** Writes numbers and times as the person's language and time zone have them. */
export interface Format {
  /** 12,345 */
  number(value: number): string;
  /** 12.3K */
  compact(value: number): string;
  /** $0.0123: small sums keep their first two digits that are not zero. */
  money(dollars: number): string;
  /** 45 %, of a share between 0 and 1. */
  percent(share: number): string;
  /** 1.2MB */
  bytes(bytes: number): string;
  /** 850ms, 4.2s, 3m 10s */
  duration(milliseconds: number): string;
  /** 3 minutes ago */
  ago(iso: string, now?: number): string;
  /** 27 Nov 2026, 14:05 */
  dateTime(iso: string): string;
  /** 14:05:09 */
  time(iso: string): string;
  /** 14:05 */
  minute(iso: string): string;
  /** 27 Nov */
  day(iso: string): string;
}

const MINUTE = 60_000;
const UNITS = [
  ["year", 365 * 24 * 60 * MINUTE],
  ["month", 30 * 24 * 60 * MINUTE],
  ["day", 24 * 60 * MINUTE],
  ["hour", 60 * MINUTE],
  ["minute", MINUTE],
  ["second", 1_000],
] as const;
const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

export function createFormat(language: Language): Format {
  const locale = language === "en" ? navigator.languages.find((tag) => tag.startsWith("en")) : language;
  const numbers = new Intl.NumberFormat(locale);
  const compacts = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const percents = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const relatives = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const dateTimes = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
  const clocks = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const days = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
  const dollarFormat = (options: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(locale, { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol", ...options });
  const sums = dollarFormat({});
  const smallSums = dollarFormat({ minimumSignificantDigits: 2, maximumSignificantDigits: 2 });
  // A format takes longer to make than to use.
  const units = new Map<string, Intl.NumberFormat>();
  const unit = (value: number, name: string, digits = 1) => {
    const key = `${name} ${digits}`;
    const options = { style: "unit", unit: name, unitDisplay: "narrow", maximumFractionDigits: digits } as const;
    const format = units.get(key) ?? new Intl.NumberFormat(locale, options);
    units.set(key, format);
    return format.format(value);
  };
  const dated = (format: Intl.DateTimeFormat) => (iso: string) => {
    const time = Date.parse(iso);
    return Number.isNaN(time) ? "" : format.format(time);
  };

  return {
    number: (value) => numbers.format(value),
    compact: (value) => compacts.format(value),
    money: (dollars) => (dollars !== 0 && Math.abs(dollars) < 1 ? smallSums : sums).format(dollars),
    percent: (share) => percents.format(share),
    bytes(bytes) {
      const step = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1_000)), BYTE_UNITS.length - 1);
      return unit(bytes / 1_000 ** step, BYTE_UNITS[step] ?? "byte");
    },
    duration(milliseconds) {
      if (milliseconds < 1_000) return unit(milliseconds, "millisecond", 0);
      if (milliseconds < MINUTE) return unit(milliseconds / 1_000, "second");
      const minutes = Math.floor(milliseconds / MINUTE);
      if (minutes < 60)
        return `${unit(minutes, "minute", 0)} ${unit(Math.floor((milliseconds % MINUTE) / 1_000), "second", 0)}`;
      return `${unit(Math.floor(minutes / 60), "hour", 0)} ${unit(minutes % 60, "minute", 0)}`;
    },
    ago(iso, now = Date.now()) {
      const elapsed = Date.parse(iso) - now;
      if (Number.isNaN(elapsed)) return "";
      const [name, size] = UNITS.find(([, size]) => Math.abs(elapsed) >= size) ?? ["second", 1_000];
      return relatives.format(Math.round(elapsed / size), name);
    },
    dateTime: dated(dateTimes),
    time: dated(times),
    minute: dated(clocks),
    day: dated(days),
  };
}
