import { describe, expect, test } from "bun:test";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { abandon, ClosingClient, processIdOf } from "#db/dialects/postgres/closing-client.ts";
import { testDialects } from "#testing/test-database.ts";

/** How a server says that it lets nobody in. */
const REFUSAL = refusal("SFATAL\0C28000\0Mnobody is let in\0\0");

function refusal(fields: string): Buffer {
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(4 + fields.length, 1);
  return Buffer.concat([head, Buffer.from(fields)]);
}

/** A server that refuses every login, and leaves its sockets open. */
async function startRefusing() {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.once("data", () => socket.write(REFUSAL));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `postgres://a:b@127.0.0.1:${port}/c`, sockets, server };
}

const connect = (client: ClosingClient) =>
  new Promise<Error | undefined>((resolve) => {
    const returned: unknown = client.connect((error) => resolve(error ?? undefined));
    expect(returned).toBeUndefined();
  });

test("a login that is refused is told, and its socket is closed", async () => {
  const { url, sockets, server } = await startRefusing();
  const client = new ClosingClient({ connectionString: url });
  client.on("error", () => {});
  expect(await connect(client)).toMatchObject({ code: "28000" });
  const [socket] = sockets;
  if (socket && !socket.closed) await once(socket, "close");
  expect(sockets).toHaveLength(1);
  server.close();
  await once(server, "close");
});

test("a refused login is told by the promise too", async () => {
  const { url, sockets, server } = await startRefusing();
  const client = new ClosingClient({ connectionString: url });
  client.on("error", () => {});
  await expect(client.connect()).rejects.toMatchObject({ code: "28000" });
  expect(processIdOf(client)).toBeUndefined();
  abandon(client);
  const [socket] = sockets;
  if (socket && !socket.closed) await once(socket, "close");
  server.close();
});

describe.skipIf(!testDialects().includes("postgres"))("a client of a server that lets it in", () => {
  const url = process.env.GOCLAW_TEST_POSTGRES_URL ?? "";
  const processOf = async (client: ClosingClient) => {
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    return rows[0]?.pid ?? 0;
  };

  test.each(["a callback", "a promise"])("stays connected, and knows its process, by %s", async (way) => {
    const client = new ClosingClient({ connectionString: url });
    expect(processIdOf(client)).toBeUndefined();
    if (way === "a promise") await client.connect();
    else expect(await connect(client)).toBeUndefined();
    const own = await processOf(client);
    expect(own).toBeGreaterThan(0);
    expect(processIdOf(client)).toBe(own);
    await client.end();
  });

  test("fails a query in progress when it is abandoned", async () => {
    const client = new ClosingClient({ connectionString: url });
    client.on("error", () => {});
    await client.connect();
    const query = client.query("select pg_sleep(20)");
    abandon(client);
    await expect(query).rejects.toThrow("Connection terminated");
  });
});
