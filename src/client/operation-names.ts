import { ROUTES } from "#client/generated/operations.ts";
import type { HttpOperationName } from "#client/types.ts";

/** The names of all operations that HTTP serves, in the order of the alphabet. */
export const OPERATION_NAMES: readonly string[] = Object.keys(ROUTES).sort();

/** Returns whether a text is the name of an operation that HTTP serves. */
export const isHttpOperation = (name: string): name is HttpOperationName => Object.hasOwn(ROUTES, name);
