import type { Page } from "playwright-core";

/** Answers every call of an operation from the next load of the page on, instead of the gateway. */
const answerCall = (page: Page, operation: string, answer: object): Promise<void> =>
  page.routeWebSocket(/\/ws$/, (socket) => {
    const gateway = socket.connectToServer();
    socket.onMessage((message) => {
      const { id, method } = JSON.parse(String(message));
      if (method !== operation) return gateway.send(message);
      socket.send(JSON.stringify({ type: "res", id, ...answer }));
    });
  });

/** Makes every call of an operation fail, as if the gateway had a fault. */
export const breakCall = (page: Page, operation: string): Promise<void> =>
  answerCall(page, operation, {
    ok: false,
    error: { code: "INTERNAL", message: "A fault of a test", retryable: false, details: {} },
  });

/** Makes every call of an operation answer this. */
export const replaceCall = (page: Page, operation: string, payload: object): Promise<void> =>
  answerCall(page, operation, { ok: true, payload });
