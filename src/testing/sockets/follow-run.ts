import type { RunFollower } from "#testing/run-follower.ts";
import { openSocket, type SocketClient } from "#testing/sockets/socket-client.ts";
import type { TestGateway } from "#testing/test-gateway.ts";

/**
 * Opens a socket, follows a run from the follower's cursor, and closes the socket after `cutAfter` events. Reads until
 * the run ends where that comes first.
 */
export async function followOverSocket(
  gateway: Pick<TestGateway, "url" | "token">,
  follower: RunFollower,
  cutAfter = Number.POSITIVE_INFINITY,
): Promise<void> {
  const socket = await openSocket(gateway, { params: { dialect: "operations", feed: "none" } });
  try {
    await readOnSocket(socket, follower, cutAfter);
  } finally {
    await socket.close();
  }
}

/** The same on an open socket, on which the subscription ends instead. */
export async function readOnSocket(socket: SocketClient, follower: RunFollower, cutAfter: number): Promise<void> {
  const { runId: run_id, cursor } = follower;
  const before = socket.events.length;
  await socket.call("runs.subscribe", { run_id, ...(cursor !== "" && { after: cursor }) });
  for (let read = 0; read < cutAfter && !follower.isOver; read++) {
    const { payload } = await socket.event((event) => socket.events.indexOf(event) >= before + read);
    const { run_id: _, ...wire } = payload;
    follower.take(wire);
  }
  if (follower.isOver) return;
  await socket.call("runs.unsubscribe", { run_id });
}
