import { type Sections, unusable } from "#app/config/file/parse-sections.ts";
import { isRecord, ownValue, recordOf } from "#base/json.ts";
import { MASK } from "#base/secret.ts";

/**
 * Replaces each `***` by what the file has in its place. A key that the environment sets is left out, because the file
 * does not have its value. Throws `StartError` for any other `***`.
 */
export function restoreMasked(sent: Sections, stored: Sections, fromEnvironment: readonly string[]): Sections {
  const restoreKeys = (section: string, values: unknown): unknown => {
    if (!isRecord(values)) return restore(values, stored[section], section);
    const storedValues = recordOf(stored[section]);
    const entries = Object.entries(values).flatMap(([key, value]) => {
      const name = `${section}.${key}`;
      const kept = ownValue(storedValues, key);
      if (kept === undefined && hasMask(value) && fromEnvironment.includes(name)) return [];
      return [[key, restore(value, kept, name)]];
    });
    return Object.fromEntries(entries);
  };
  return Object.fromEntries(Object.entries(sent).map(([section, values]) => [section, restoreKeys(section, values)]));
}

/** Returns whether a value is or holds a `***`. */
export function hasMask(value: unknown): boolean {
  if (value === MASK) return true;
  return value !== null && typeof value === "object" && Object.values(value).some(hasMask);
}

function restore(sent: unknown, stored: unknown, place: string): unknown {
  if (sent === MASK) {
    if (stored === undefined || (typeof stored === "object" && stored !== null)) throw nothingStored(place);
    return stored;
  }
  if (Array.isArray(sent)) return restoreList(sent, stored, place);
  if (!isRecord(sent)) return sent;
  const storedParts = recordOf(stored);
  const entries = Object.entries(sent).map(([key, part]) => [
    key,
    restore(part, ownValue(storedParts, key), `${place}.${key}`),
  ]);
  return Object.fromEntries(entries);
}

// Each `***` of a list stands for the entry at its place, so a list of another length could mix secrets up.
function restoreList(sent: readonly unknown[], stored: unknown, place: string): readonly unknown[] {
  if (!hasMask(sent)) return sent;
  if (!Array.isArray(stored) || stored.length !== sent.length) throw nothingStored(place);
  return sent.map((part, index) => restore(part, stored[index], `${place}.${index}`));
}

const nothingStored = (place: string) =>
  unusable(`${place} is ***, which stands for a stored secret, and the file has none there: write the secret itself.`);
