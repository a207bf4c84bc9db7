import type { OperationName } from "#client/index.ts";

/** The key of a read in the cache: the operation and its input. */
export type CallKey = readonly [name: OperationName, input: object, ...form: readonly string[]];

export const toKey = (name: OperationName, input: object = {}, ...form: readonly string[]): CallKey => [
  name,
  input,
  ...form,
];

/** Returns the family of an operation: `agents` of `agents.files.get`. */
export const familyOf = (name: string): string => name.slice(0, name.indexOf("."));
