import { MASK } from "#base/secret.ts";

/** Returns the new key of a request, or undefined if the request keeps the stored key. */
export function toNewApiKey(input: string | null | undefined): string | undefined {
  const key = input?.trim();
  return key && key !== MASK ? key : undefined;
}
