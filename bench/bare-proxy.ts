/**
 * A proxy that does the minimum of any gateway. It parses the request and each event of the answer, and writes both
 * again. It checks and stores nothing. It answers every GET with the text of the last PUT.
 */
const [port, upstreamPort] = process.argv.slice(2).map(Number);
let list = "{}";

Bun.serve({
  hostname: "127.0.0.1",
  port: port ?? 0,
  idleTimeout: 0,
  async fetch(request) {
    if (request.method === "GET") return new Response(list, { headers: { "Content-Type": "application/json" } });
    if (request.method === "PUT") {
      list = await request.text();
      return new Response();
    }
    const body = (await request.json()) as { readonly stream?: boolean };
    const answer = await fetch(`http://127.0.0.1:${upstreamPort}/v1/chat/completions`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: request.signal,
    });
    if (body.stream !== true || !answer.body) return Response.json(await answer.json());
    return new Response(reEncode(answer.body), { headers: { "Content-Type": "text/event-stream" } });
  },
});

function reEncode(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = "";
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        const events = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
        rest = events.pop() ?? "";
        if (events.length > 0) controller.enqueue(encoder.encode(events.map(reEncodeEvent).join("")));
      },
    }),
  );
}

function reEncodeEvent(event: string): string {
  const data = event.slice("data: ".length);
  return data === "[DONE]" ? "data: [DONE]\n\n" : `data: ${JSON.stringify(JSON.parse(data))}\n\n`;
}
