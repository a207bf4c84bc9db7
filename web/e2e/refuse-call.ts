import type { Page } from "playwright-core";

/** Lets the gateway refuse an operation, from the next load of the page on. All other calls reach it. */
export async function refuseCall(page: Page, operation: string): Promise<void> {
  await page.routeWebSocket(/\/ws/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((frame) => {
      const { id, method } = JSON.parse(String(frame));
      if (method !== operation) return server.send(frame);
      const error = { code: "INTERNAL", message: "the disk is on fire", retryable: false, retryAfterMs: 0 };
      socket.send(JSON.stringify({ type: "res", id, ok: false, error, requestId: "req-1f0d8c" }));
    });
  });
}
