import type { CallOptions, Client, HttpOperationName, InputOf, OutputOf } from "#client/index.ts";

/** The operations that answer with a file. */
export type FileOperation = {
  [Name in HttpOperationName]: OutputOf<Name> extends Blob ? Name : never;
}[HttpOperationName];

/** Calls an operation that answers with a file. */
export const callFile = <Name extends FileOperation>(
  client: Client,
  operation: Name,
  input: InputOf<Name>,
  options: CallOptions = {},
): Promise<Blob> =>
  // Safe: the operations of this type answer with a blob.
  (client.call as AnyCall)(operation, input as object, options) as Promise<Blob>;

// Safe: the client requires an input exactly where the operation does. A generic name hides that from the compiler.
type AnyCall = (name: HttpOperationName, input: object, options: CallOptions) => Promise<unknown>;
