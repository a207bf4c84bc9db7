import type { Client, HttpOperationName } from "#client/index.ts";

type AnyCall = (name: HttpOperationName, input: object) => Promise<unknown>;

/** Calls an operation whose name is known only at run time. The gateway checks the input. */
export const callByName = ({ call }: Pick<Client, "call">, name: HttpOperationName, input: object): Promise<unknown> =>
  // Safe: the types of the client only narrow what may be sent.
  (call as AnyCall)(name, input);
