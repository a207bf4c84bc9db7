import { type AddressInfo, createServer, type Server, Socket } from "node:net";

/**
 * What the proxy does. `pass` forwards. `swallow` drops bytes in both directions, and what it dropped stays lost. `mute`
 * drops those of the server, which carries out what it is told. `lose commits` does so from a commit on. `hold` forwards
 * bytes later. `reset` breaks connections. `refuse` lets nobody connect and breaks the others.
 */
export type ProxyFault = "pass" | "swallow" | "mute" | "lose commits" | "hold" | "reset" | "refuse";

export interface FaultProxy {
  /** Returns an address with the proxy in the place of the server. */
  urlOf(serverUrl: string): string;
  set(fault: ProxyFault): Promise<void>;
  /** Swallows the connections of now. Later ones pass. */
  swallowOpen(): void;
  stop(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  isSwallowed: boolean;
  isMute: boolean;
}

/** Starts a TCP proxy before a server, which fails the way networks and servers do. */
export async function startFaultProxy(serverUrl: string): Promise<FaultProxy> {
  const { hostname, port: serverPort } = new URL(serverUrl);
  const pairs = new Set<Pair>();
  let fault: ProxyFault = "pass";

  const forward = (pair: Pair, from: Socket, to: Socket) => {
    from.on("data", (bytes) => {
      if (fault === "swallow") pair.isSwallowed = true;
      if (fault === "mute" || (fault === "lose commits" && bytes.includes("commit\0"))) pair.isMute = true;
      if (!pair.isSwallowed && !(pair.isMute && from === pair.server)) to.write(bytes);
    });
    from.on("error", () => {});
    // The ends of swallowed connections are swallowed too.
    from.on("end", () => {
      if (!pair.isSwallowed) to.end();
    });
    from.on("close", () => {
      if (pair.isSwallowed) return;
      to.destroy();
      pairs.delete(pair);
    });
    if (fault === "hold") from.pause();
  };
  const accept = (client: Socket) => {
    if (fault === "reset") return void client.resetAndDestroy();
    const server = new Socket({ allowHalfOpen: true });
    const pair: Pair = { client, server, isSwallowed: fault === "swallow", isMute: false };
    pairs.add(pair);
    forward(pair, client, server);
    forward(pair, server, client);
    server.connect(Number(serverPort || 5432), hostname);
  };
  let listener = await listenOn(0, accept);
  const { port } = listener.address() as AddressInfo;

  const set = async (next: ProxyFault) => {
    const wasRefused = fault === "refuse";
    fault = next;
    for (const { client, server } of pairs) {
      for (const socket of [client, server]) {
        if (next === "hold") socket.pause();
        else socket.resume();
        if (next === "reset" || next === "refuse") socket.resetAndDestroy();
      }
    }
    if (next === "refuse" && !wasRefused) await closed(listener);
    if (next !== "refuse" && wasRefused) listener = await listenOn(port, accept);
  };

  return {
    urlOf: (url) => Object.assign(new URL(url), { hostname: "127.0.0.1", port: String(port) }).href,
    set,
    swallowOpen() {
      for (const pair of pairs) pair.isSwallowed = true;
    },
    stop: () => set("refuse"),
  };
}

async function listenOn(port: number, accept: (client: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, accept);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
