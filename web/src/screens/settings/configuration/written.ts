import type { Setting } from "#web/screens/settings/configuration/read-schema.ts";

/** What a person wrote for a setting. Null gives it its default back. */
export type Written = string | boolean | readonly string[] | null;

/** A change that is not saved. */
export interface Draft {
  readonly setting: Setting;
  readonly written: Written;
  /** The value that the person saw when they changed it. */
  readonly base: unknown;
}

export type Drafts = Readonly<Record<string, Draft>>;

/** Returns the value at a path of an object, such as `gateway.quota.hour`. */
export const valueAt = (object: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        value !== null && typeof value === "object" ? (value as Readonly<Record<string, unknown>>)[key] : undefined,
      object,
    );

export const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Returns what the control of a setting shows for a value. Secrets are never shown. */
export function toWritten({ kind }: Setting, value: unknown): Exclude<Written, null> {
  switch (kind) {
    case "flag":
      return value === true;
    case "list":
      return Array.isArray(value) ? value.map(String) : [];
    case "secret":
      return "";
    case "json":
      return value === undefined ? "" : JSON.stringify(value, undefined, 2);
    default:
      return value === undefined || value === null ? "" : String(value);
  }
}

/** Returns the value that somebody wrote, or why there is none. */
export function toValue({ kind }: Setting, written: Written): { readonly value: unknown } | "badJson" | "badNumber" {
  if (written === null || written === "") return { value: null };
  if (kind === "number") {
    const value = Number(written);
    return Number.isNaN(value) ? "badNumber" : { value };
  }
  if (kind !== "json") return { value: written };
  try {
    return { value: JSON.parse(String(written)) };
  } catch {
    return "badJson";
  }
}

/** Returns the changes as one object for the file. Those that hold no value are left out. */
export function toPatch(drafts: Drafts): object {
  const patch: Record<string, unknown> = {};
  for (const { setting, written } of Object.values(drafts)) {
    const result = toValue(setting, written);
    if (typeof result === "string") continue;
    const keys = setting.path.split(".");
    const last = keys.pop() ?? "";
    let place = patch;
    for (const key of keys) {
      place[key] ??= {};
      place = place[key] as Record<string, unknown>;
    }
    place[last] = result.value;
  }
  return patch;
}
