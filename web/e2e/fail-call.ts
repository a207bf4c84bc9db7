import type { Page } from "playwright-core";

export const FAILURE = "the database is away";

/** Loads the page again, with a gateway that refuses one kind of call. All others go on. */
export async function failCall(page: Page, method: string): Promise<void> {
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const gateway = socket.connectToServer();
    socket.onMessage((text) => {
      const { id, method: called } = JSON.parse(String(text));
      if (called !== method) return gateway.send(text);
      const error = { code: "UNAVAILABLE", message: FAILURE, retryable: true, retryAfterMs: 0, details: {} };
      socket.send(JSON.stringify({ type: "res", id, ok: false, error, requestId: "request-of-the-test" }));
    });
  });
  await page.reload();
}
