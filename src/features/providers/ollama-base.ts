const THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]", "host.docker.internal"];

/** Whether this names a server on the gateway's own machine. */
export function isOnThisMachine(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  return THIS_MACHINE.includes(url.hostname) && url.username === "" && url.password === "";
}

/** Whether this is where an Ollama on this machine would answer. Its other paths install and delete models. */
export const isOllamaBase = (text: string): boolean =>
  isOnThisMachine(text) && /^(?:\/v1)?\/?$/.test(new URL(text).pathname);

/** Ollama serves the OpenAI format below `/v1`, which its users leave out. */
export const toOllamaBase = (base: string): string => `${base.replace(/(\/v1)?\/*$/, "")}/v1`;
