import { foldText } from "#base/texts/fold-text.ts";

// BM25, with its usual constants.
const SATURATION = 1.2;
const LENGTH_WEIGHT = 0.75;

interface Document<Item> {
  readonly item: Item;
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

/** Ranks items by the words of their texts. Case, marks and spelling of identifiers do not matter. */
export class SkillIndex<Item> {
  readonly #documents: readonly Document<Item>[];
  readonly #frequencies = new Map<string, number>();
  readonly #meanLength: number;

  constructor(items: readonly Item[], textOf: (item: Item) => string) {
    this.#documents = items.map((item) => toDocument(item, textOf(item)));
    for (const word of this.#documents.flatMap(({ counts }) => [...counts.keys()])) {
      this.#frequencies.set(word, (this.#frequencies.get(word) ?? 0) + 1);
    }
    const total = this.#documents.reduce((sum, { length }) => sum + length, 0);
    this.#meanLength = Math.max(1, total / Math.max(1, items.length));
  }

  /** Returns the items that have a word of the query, the best first. */
  search(query: string, limit: number): readonly Item[] {
    const words = [...new Set(toWords(query))];
    const ranked = this.#documents.map((document) => ({ item: document.item, score: this.#score(document, words) }));
    return ranked
      .filter(({ score }) => score > 0)
      .toSorted((a, b) => b.score - a.score)
      .slice(0, limit)
      .map(({ item }) => item);
  }

  #score({ counts, length }: Document<Item>, words: readonly string[]): number {
    const weight = SATURATION * (1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * length) / this.#meanLength);
    return words.reduce((sum, word) => {
      const count = counts.get(word) ?? 0;
      return sum + (this.#rarity(word) * count * (SATURATION + 1)) / (count + weight);
    }, 0);
  }

  #rarity(word: string): number {
    const having = this.#frequencies.get(word) ?? 0;
    return Math.log((this.#documents.length - having + 0.5) / (having + 0.5) + 1);
  }
}

function toDocument<Item>(item: Item, text: string): Document<Item> {
  const words = toWords(text);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { item, counts, length: words.length };
}

/** Single letters of spaced scripts say nothing. */
const toWords = (text: string): readonly string[] =>
  foldText(text)
    .split(" ")
    .filter((word) => word.length > 1 || /\p{Lo}/u.test(word));
