import { connect } from "node:net";

/** Sends bytes unchanged and returns the response text. Used for requests that no HTTP client would send. */
export async function rawRequest(url: string, text: string | Uint8Array): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(text);
  let answer = "";
  for await (const part of socket) answer += String(part);
  return answer;
}

/** Returns the status of a raw HTTP response. */
export const statusIn = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
