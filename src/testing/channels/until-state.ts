import type { TestGateway } from "#testing/test-gateway.ts";

/** Waits until an instance has a state, and returns its status. */
// biome-ignore lint/suspicious/noExplicitAny: tests read any part of a status
export async function untilState({ call }: Pick<TestGateway, "call">, id: string, state: string): Promise<any> {
  for (;;) {
    const { body } = await call("GET", `/v1/channel-instances/${id}/status`);
    if (body.state === state) return body;
    await Bun.sleep(10);
  }
}
