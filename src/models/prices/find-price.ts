import { PRICE_SHEETS, type PriceRow, type PriceSheet } from "#models/prices/price-sheets.ts";
import type { ProviderType } from "#models/provider-types.ts";

/** Prices in US dollars per million tokens. If a cache price is absent, those tokens cost as much as other input. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  /** The public page that lists the price. */
  readonly source: string;
  /** The day on which the page listed it. */
  readonly date: string;
}

/**
 * Returns the maker's list price of a model, or undefined if it is unknown. A dated model has the price of its family.
 */
export function findPrice(providerType: ProviderType, model: string): ModelPrice | undefined {
  for (const name of familyNames(toPlainName(model))) {
    for (const sheet of sheetsFor(providerType)) {
      const row = findRow(sheet, name);
      if (row !== undefined) return toPrice(row, sheet);
    }
  }
  return undefined;
}

/** Types that may serve the models of any maker. */
const MULTI_MAKER_TYPES: readonly ProviderType[] = ["openrouter", "openai_compat"];

const sheetsFor = (type: ProviderType): readonly PriceSheet[] =>
  MULTI_MAKER_TYPES.includes(type)
    ? PRICE_SHEETS.filter(({ makers }) => makers.length > 0)
    : PRICE_SHEETS.filter(({ types }) => types.includes(type));

function findRow({ models, makers }: PriceSheet, name: string): PriceRow | undefined {
  const maker = makers.find((prefix) => name.startsWith(`${prefix}/`));
  const bareName = maker === undefined ? name : name.slice(maker.length + 1);
  return Object.entries(models).find(([id]) => toPlainName(id) === bareName)?.[1];
}

/** Normalizes a model name. Makers and gateways write versions with dots or with dashes. */
const toPlainName = (model: string): string =>
  model
    .toLowerCase()
    .replace(/^(?:publishers\/google\/)?models\//, "")
    .replaceAll(".", "-");

const LAST_SUFFIX = /[-@](?:latest|preview|exp|\d{4}-\d{2}-\d{2}|\d{2}-\d{4}|\d{2}-\d{2}|\d{8}|\d{6}|\d{4}|\d{3})$/;

/** Returns the name, then the shorter names that remain as date and release suffixes are removed one by one. */
function familyNames(name: string): readonly string[] {
  const names = [name];
  for (let rest = name; LAST_SUFFIX.test(rest); ) {
    rest = rest.replace(LAST_SUFFIX, "");
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
