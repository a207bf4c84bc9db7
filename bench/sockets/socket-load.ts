import type { LoadTarget } from "../load-jobs.ts";

/** A socket that is connected as the caller of a target. */
export interface ConnectedSocket {
  /** Calls a method and waits for its answer. */
  call(method: string, params?: object): Promise<unknown>;
  /** Called with each event, as it came. */
  onEvent: (frame: string) => void;
  close(): void;
}

/** Opens a socket to the gateway and connects. `feed` says what is sent unasked. */
export async function openSocket({ port, headers }: LoadTarget, feed: "all" | "none"): Promise<ConnectedSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  const waiting = new Map<string, (frame: string) => void>();
  let lastId = 0;
  const connected: ConnectedSocket = {
    call: (method, params = {}) =>
      new Promise((resolve) => {
        const id = String(++lastId);
        waiting.set(id, resolve);
        socket.send(JSON.stringify({ type: "req", id, method, params }));
      }),
    onEvent: () => {},
    close: () => socket.close(),
  };
  socket.onmessage = ({ data }) => {
    const frame = String(data);
    if (frame.startsWith('{"type":"event"')) return connected.onEvent(frame);
    const id = /^\{"type":"res","id":"(\d+)"/.exec(frame)?.[1] ?? "";
    waiting.get(id)?.(frame);
    waiting.delete(id);
  };
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  const token = headers.Authorization?.slice("Bearer ".length);
  await connected.call("connect", { token, user_id: headers["X-GoClaw-User-Id"], feed, dialect: "operations" });
  return connected;
}
