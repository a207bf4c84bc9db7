const [port, upstreamPort] = process.argv.slice(2).map(Number);

Bun.serve({
  hostname: "127.0.0.1",
  port: port ?? 0,
  idleTimeout: 0,
  fetch: (request) =>
    fetch(`http://127.0.0.1:${upstreamPort}${new URL(request.url).pathname}`, {
      method: request.method,
      headers: { "Content-Type": "application/json" },
      body: request.body,
      signal: request.signal,
    }),
});
