/** Returns the nonce that the page allows style elements with, for primitives that make some. */
export const findNonce = (): string | undefined =>
  document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content || undefined;
