import { z } from "zod";
import { isRecord, ownValue } from "#base/json.ts";
import { aliasOf, mayBeAlias } from "#core/aliases.ts";
import { invalidRequest } from "#core/invalid-request.ts";

type Path = readonly PropertyKey[];

/**
 * Parses the input of an operation, whose fields may have the names of `aliasOf`. Many clients send null or an empty
 * text for a field that they leave out. Where an optional field would refuse that value, it counts as absent. Throws
 * `INVALID_REQUEST`.
 */
export function parseInput<Schema extends z.ZodObject>(schema: Schema, input: unknown): z.output<Schema> {
  let value = isRecord(input) ? withoutAliases(schema, input) : input;
  for (let round = 1; ; round++) {
    // Most inputs are valid. A first error costs little, but all errors of a large input cost many times its size.
    const first = schema.safeParse(value, FIRST_ERROR);
    if (first.success) return first.data;
    const failed = isSmall(value) ? schema.safeParse(value) : first;
    const { issues } = failed.error ?? first.error;
    const empty = issues
      .flatMap((issue) => refusedPaths(issue))
      .filter((path) => isEmpty(valueAt(value, path)) && isOption(schema, path));
    if (empty.length === 0 || round > MAX_ROUNDS) throw invalidRequest(failed.error ?? first.error);
    value = without(value, toTree(empty));
  }
}

/** Renames the fields that an operation also takes under other names. A field under its own name comes first. */
export function renameFields(input: unknown, otherNames: Readonly<Record<string, string>> | undefined): unknown {
  if (otherNames === undefined || !isRecord(input)) return input;
  const renamed = Object.entries(otherNames).flatMap(([other, name]) =>
    Object.hasOwn(input, other) && isEmpty(ownValue(input, name) ?? null) ? [[name, input[other]] as const] : [],
  );
  return renamed.length === 0 ? input : { ...input, ...Object.fromEntries(renamed) };
}

/** Stops a parse at its first error. zod's `validate` passes this context, which its public type leaves out. */
const FIRST_ERROR = { abortEarly: true } as z.core.ParseContext<z.core.$ZodIssue>;
/** How often empty values are taken out of an input. A large one gives up one of them at a time. */
const MAX_ROUNDS = 20;
/** The number of values up to which all errors of an input are collected. */
const SMALL = 2_000;

/** Returns whether a value holds few values. Looks at no more than it has to. */
function isSmall(value: unknown): boolean {
  const waiting = [value];
  for (let seen = 0; waiting.length > 0; seen++) {
    if (seen + waiting.length > SMALL) return false;
    const next = waiting.pop();
    if (next !== null && typeof next === "object") waiting.push(...Object.values(next).slice(0, SMALL));
  }
  return true;
}

/** Renames the fields that the input has under another name. A field that is also given under its own keeps that value. */
function withoutAliases(schema: z.ZodObject, input: Readonly<Record<string, unknown>>): unknown {
  if (!Object.keys(input).some(mayBeAlias)) return input;
  const renamed = Object.entries(schema.shape).flatMap(([name, field]) => {
    const alias = aliasOf(name);
    if (alias === undefined || !Object.hasOwn(input, alias) || Object.hasOwn(schema.shape, alias)) return [];
    return isGiven(field, ownValue(input, name)) ? [] : [[name, input[alias]] as const];
  });
  return renamed.length === 0 ? input : { ...input, ...Object.fromEntries(renamed) };
}

const isGiven = (field: z.core.$ZodType, value: unknown): boolean =>
  value !== undefined && (!isEmpty(value) || z.safeParse(field, value).success);

const isEmpty = (value: unknown): boolean => value === null || value === "";

/** Returns the paths of the values that an issue is about. An issue of a union has those of all its members. */
function refusedPaths(issue: z.core.$ZodIssue, above: Path = []): readonly Path[] {
  const path = [...above, ...issue.path];
  if (issue.code !== "invalid_union") return [path];
  return [path, ...issue.errors.flat().flatMap((inner) => refusedPaths(inner, path))];
}

function valueAt(value: unknown, [name, ...rest]: Path): unknown {
  if (name === undefined) return value;
  if (Array.isArray(value)) return valueAt(value[Number(name)], rest);
  return isRecord(value) ? valueAt(ownValue(value, String(name)), rest) : undefined;
}

/** Paths by their first names. A path that ends has an empty tree. */
type Tree = ReadonlyMap<PropertyKey, Tree>;

function toTree(paths: readonly Path[]): Tree {
  const byFirst = Map.groupBy(
    paths.filter((path) => path.length > 0),
    ([first = ""]) => first,
  );
  return new Map([...byFirst].map(([first, group]) => [first, toTree(group.map(([, ...rest]) => rest))]));
}

/** Returns a copy of the value without the fields at the ends of the paths. Takes one pass, however many they are. */
function without(value: unknown, paths: Tree): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withoutIn(item, paths.get(index)));
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([name]) => paths.get(name)?.size !== 0);
  return Object.fromEntries(kept.map(([name, part]) => [name, withoutIn(part, paths.get(name))]));
}

const withoutIn = (value: unknown, paths: Tree | undefined): unknown => (paths ? without(value, paths) : value);

/** Returns whether the path leads to an optional field of an object. Entries of maps and lists are no fields. */
function isOption(schema: z.core.$ZodType, path: Path): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const [name, ...rest] = path;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
      return isOption(def.innerType, path);
    case "union":
      return def.options.some((option) => isOption(option, path));
    case "array":
      return isOption(def.element, rest);
    case "object": {
      const field = ownValue(def.shape, String(name));
      if (field === undefined) return false;
      return rest.length === 0 ? z.safeParse(field, undefined).success : isOption(field, rest);
    }
    default:
      return false;
  }
}
