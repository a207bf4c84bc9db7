import { MASK } from "#base/secret.ts";

/** The key that a request brings; undefined when it leaves the stored one as it is. */
export function toNewApiKey(given: string | null | undefined): string | undefined {
  const key = given?.trim();
  return key && key !== MASK ? key : undefined;
}
