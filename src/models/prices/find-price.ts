import { PRICE_SHEETS, type PriceRow, type PriceSheet } from "#models/prices/price-sheets.ts";
import type { ProviderType } from "#models/provider-types.ts";

/** US dollars per million tokens; a cache price that is absent is that of other input. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  /** The public page that has the price, and when it had it. */
  readonly source: string;
  readonly date: string;
}

/** What a model costs as its maker lists it; undefined when that is not known. A dated model costs what its family does. */
export function findPrice(providerType: ProviderType, model: string): ModelPrice | undefined {
  for (const name of familyNames(toPlainName(model))) {
    for (const sheet of sheetsFor(providerType)) {
      const row = findRow(sheet, name);
      if (row !== undefined) return toPrice(row, sheet);
    }
  }
  return undefined;
}

/** These pass other makers' prices on, or are somebody's address of any maker. */
const OF_MANY_MAKERS: readonly ProviderType[] = ["openrouter", "openai_compat"];

const sheetsFor = (type: ProviderType): readonly PriceSheet[] =>
  OF_MANY_MAKERS.includes(type)
    ? PRICE_SHEETS.filter(({ makers }) => makers.length > 0)
    : PRICE_SHEETS.filter(({ types }) => types.includes(type));

function findRow({ models, makers }: PriceSheet, name: string): PriceRow | undefined {
  const maker = makers.find((prefix) => name.startsWith(`${prefix}/`));
  const known = maker === undefined ? name : name.slice(maker.length + 1);
  return Object.entries(models).find(([id]) => toPlainName(id) === known)?.[1];
}

/** Makers and gateways do not agree on dots. */
const toPlainName = (model: string): string =>
  model
    .toLowerCase()
    .replace(/^(?:publishers\/google\/)?models\//, "")
    .replaceAll(".", "-");

const LAST_MARK = /[-@](?:latest|preview|exp|\d{4}-\d{2}-\d{2}|\d{2}-\d{4}|\d{2}-\d{2}|\d{8}|\d{6}|\d{4}|\d{3})$/;

/** The name, and what is left of it as its dates and marks are taken off one by one. */
function familyNames(name: string): readonly string[] {
  const names = [name];
  for (let rest = name; LAST_MARK.test(rest); ) {
    rest = rest.replace(LAST_MARK, "");
    names.push(rest);
  }
  return names;
}

const toPrice = ([input, output, cacheRead, cacheWrite]: PriceRow, { source, date }: PriceSheet): ModelPrice => ({
  input,
  output,
  cacheRead,
  cacheWrite,
  source,
  date,
});
