import type { Page } from "playwright-core";

/** What calls are refused with that a test breaks. */
export const FAULT = "a fault of this test";
export const FAULT_REQUEST = "req-4711";

/**
 * Answers calls in place of the gateway, from the next load of the page on. `answer` returns undefined for those that
 * reach the gateway.
 */
async function answerCalls(page: Page, answer: (operation: string) => object | undefined): Promise<void> {
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const gateway = socket.connectToServer();
    socket.onMessage((message) => {
      const { id, method } = JSON.parse(String(message));
      const given = answer(method);
      if (given) socket.send(JSON.stringify({ type: "res", id, ...given }));
      else gateway.send(message);
    });
  });
}

const REFUSAL = {
  ok: false,
  error: { code: "INTERNAL", message: FAULT, retryable: false, retryAfterMs: 0, details: {} },
  requestId: FAULT_REQUEST,
};

/** Makes every call of an operation fail, from the next load of the page on. */
export const breakCall = (page: Page, broken: string): Promise<void> =>
  answerCalls(page, (operation) => (operation === broken ? REFUSAL : undefined));

/** Makes every call fail, from the next load of the page on. */
export const breakAllCalls = (page: Page): Promise<void> =>
  answerCalls(page, (operation) => (operation === "connect" ? undefined : REFUSAL));

/** Makes every call of an operation answer this, from the next load of the page on. */
export const replaceCall = (page: Page, replaced: string, payload: object): Promise<void> =>
  answerCalls(page, (operation) => (operation === replaced ? { ok: true, payload } : undefined));
