import { en } from "#base/i18n/en.ts";
import { vi } from "#base/i18n/vi.ts";
import { zh } from "#base/i18n/zh.ts";

export type MessageKey = keyof typeof en;
export type Catalog = Record<MessageKey, string>;
export type Locale = "en" | "vi" | "zh";

/** The parameter names of a message: the `{names}` in its English text. */
type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

export type MessageParams<Key extends MessageKey> = Readonly<Record<Placeholders<(typeof en)[Key]>, string | number>>;

export const catalogs: Record<Locale, Catalog> = { en, vi, zh };

export function translate<Key extends MessageKey>(locale: Locale, key: Key, params: MessageParams<Key>): string {
  const values: Readonly<Record<string, string | number>> = params;
  return catalogs[locale][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

const MAX_HEADER_LENGTH = 1_000;

/**
 * Returns the best supported language of an `Accept-Language` header: by q, then by position (RFC 9110, 12.5.4).
 * Returns English if the header names no supported language. Ignores the header beyond `MAX_HEADER_LENGTH` characters.
 */
export function negotiateLocale(header: string | undefined): Locale {
  if (!header) return "en";
  const preferences = header
    .slice(0, MAX_HEADER_LENGTH)
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const quality = parameters.map((text) => text.trim()).find((text) => text.startsWith("q="));
      return { language: tag.trim().split("-")[0] ?? "", quality: quality ? Number(quality.slice(2)) : 1 };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  const match = preferences.find(({ language }) => Object.hasOwn(catalogs, language));
  return (match?.language as Locale | undefined) ?? "en";
}
