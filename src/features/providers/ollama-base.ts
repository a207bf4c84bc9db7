const THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]", "host.docker.internal"];

/** Returns true if the URL names a server on the gateway's own machine. */
export function isOnThisMachine(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  return THIS_MACHINE.includes(url.hostname) && url.username === "" && url.password === "";
}

/**
 * Returns true if the URL is the base of an Ollama on this machine. Other paths of Ollama install and delete models.
 */
export const isOllamaBase = (text: string): boolean =>
  isOnThisMachine(text) && /^(?:\/v1)?\/?$/.test(new URL(text).pathname);

/** Appends `/v1` to a base if needed. Ollama serves the OpenAI format there, and users often leave it out. */
export const toOllamaBase = (base: string): string => `${base.replace(/(\/v1)?\/*$/, "")}/v1`;
