import { findNonce } from "#web/ui/nonce.ts";

/** Where `get-nonce`, which Radix uses for the styles that it adds, looks for the nonce. */
declare global {
  var __webpack_nonce__: string | undefined;
}

/** Lets parts add style elements, which the page's policy allows with its nonce alone. */
export function allowAddedStyles(): void {
  globalThis.__webpack_nonce__ = findNonce();
}
