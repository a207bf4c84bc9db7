import { expect, test } from "bun:test";
import { type AnswerBody, toStream } from "#base/egress/answer-body.ts";
import { JsonText } from "#base/texts/json-pieces.ts";
import { LateText } from "#base/texts/late-text.ts";
import { nextTurn } from "#base/threads/next-turn.ts";
import { anEgress, aServer, kindOf, readBody } from "#testing/egress-fixture.ts";

const TEXT = "Phở 🍜 và “bún chả”\n".repeat(100_000);
const bytes = new TextEncoder().encode(TEXT);
const toRequest = (body: JsonText) =>
  ({ method: "POST", headers: {}, body, signal: undefined, redirect: "follow" }) as const;

test.each<[string, string | Uint8Array<ArrayBuffer>]>([
  ["text", TEXT],
  ["bytes", bytes],
])("a large body of %s arrives whole, with its length, and its connection is used again", async (_, body) => {
  const server = await aServer(async (request, response) => response.end(await readBody(request)));
  const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
  for (let round = 0; round < 3; round++) {
    const answer = await fetch(server.url, { method: "POST", body });
    expect((await answer.text()) === TEXT).toBe(true);
  }
  expect(server.requests.map(({ headers }) => headers["content-length"])).toEqual(Array(3).fill(`${bytes.length}`));
  expect(new Set(server.requests.map(({ socket }) => socket.remotePort)).size).toBe(1);
});

test("a large body is sent again where a redirect asks for it", async () => {
  const server = await aServer(async (request, response) => {
    const text = await readBody(request);
    if (request.url === "/new") response.end(String(text === TEXT));
    else response.writeHead(307, { location: "/new" }).end();
  });
  const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
  expect(await (await fetch(`${server.url}/old`, { method: "POST", body: TEXT })).text()).toBe("true");
});

test("a server may answer a large body before it has read it", async () => {
  const server = await aServer((_, response) => response.writeHead(413).end("too large"));
  const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
  const answer = await fetch(server.url, { method: "POST", body: TEXT });
  expect([answer.status, await answer.text()]).toEqual([413, "too large"]);
});

test("a server that reads none of a large body, and does not answer, is given up", async () => {
  const server = await aServer((request) => request.pause());
  const { fetch } = anEgress([`127.0.0.1:${server.port}`], { limits: { idleMs: 50 } });
  expect(await kindOf(fetch(server.url, { method: "POST", body: TEXT.repeat(8) }))).toBe("timeout");
});

test("a text is cut between two characters, never within one", async () => {
  const server = await aServer(async (request, response) => response.end(await readBody(request)));
  const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
  const text = `x${"🍜".repeat(300_000)}`;
  expect((await (await fetch(server.url, { method: "POST", body: text })).text()) === text).toBe(true);
});

test("a value is sent as JSON, with its length, and again where a redirect asks for it", async () => {
  const server = await aServer(async (request, response) => {
    const text = await readBody(request);
    if (request.url === "/new") response.end(`${JSON.parse(text).text === TEXT} ${request.headers["content-length"]}`);
    else response.writeHead(307, { location: "/new" }).end();
  });
  const { send } = anEgress([`127.0.0.1:${server.port}`]);
  const body = await JsonText.of({ text: TEXT });
  const answer = await send(`${server.url}/old`, toRequest(body));
  expect(await new Response(toStream(answer.body as AnswerBody)).text()).toBe(`true ${body.byteLength}`);
});

/** A text that is asked for its pieces while it is sent. */
class WatchedText extends LateText {
  readonly #onPiece: () => void;
  readonly #count: number;

  constructor(count: number, onPiece: () => void) {
    super();
    this.#count = count;
    this.#onPiece = onPiece;
  }

  get length(): number {
    return this.#count * 100_000;
  }

  *pieces(): Generator<string> {
    for (let index = 0; index < this.#count; index++) {
      this.#onPiece();
      yield "x".repeat(100_000);
    }
  }
}

test("others have the event loop while a large body is sent", async () => {
  const server = await aServer(async (request, response) => response.end(String((await readBody(request)).length)));
  const { send } = anEgress([`127.0.0.1:${server.port}`]);
  let turn = 0;
  const turns = new Set<number>();
  const body = await JsonText.of({ text: new WatchedText(80, () => turns.add(turn)) });
  turns.clear();
  let isSent = false;
  const count = async () => {
    for (; !isSent; turn++) await nextTurn();
  };
  const counting = count();
  const answer = await send(server.url, toRequest(body));
  isSent = true;
  await counting;
  expect(await new Response(toStream(answer.body as AnswerBody)).text()).toBe(String(body.byteLength));
  // 8 MB are sent, with a turn after each 512 KiB.
  expect(turns.size).toBeGreaterThan(10);
});
