const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  hellip: "…",
  mdash: "—",
  ndash: "–",
  copy: "©",
  rarr: "→",
  larr: "←",
  times: "×",
};
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi;

/** Turns the entities that models write into their characters. Others stay as they are written. */
export const decodeEntities = (text: string): string =>
  text.includes("&")
    ? text.replaceAll(ENTITY, (written, decimal?: string, hex?: string, name?: string) => {
        if (name) return NAMED[name.toLowerCase()] ?? written;
        const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex ?? "", 16);
        return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : written;
      })
    : text;
