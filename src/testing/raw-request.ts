import { connect } from "node:net";

/** Sends bytes as they are and answers what comes back: for requests that no client would make. */
export async function rawRequest(url: string, text: string | Uint8Array): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(text);
  let answer = "";
  for await (const part of socket) answer += String(part);
  return answer;
}

/** The status of an answer as it came over the wire. */
export const statusIn = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
