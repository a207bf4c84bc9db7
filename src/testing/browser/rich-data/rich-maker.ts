import { DAY, MINUTE } from "#base/clock.ts";
import type { MovingClock } from "#testing/browser/moving-clock.ts";
import type { RichServices } from "#testing/browser/rich-data/start-rich-services.ts";
import type { ChatGateway } from "#testing/chat-fixture.ts";
import type { CallOptions } from "#testing/test-gateway.ts";

/** Makes the data of a company through the API of its gateway, at the times at which it came to be. */
export interface RichMaker {
  readonly gateway: ChatGateway;
  readonly clock: MovingClock;
  readonly services: RichServices;
  /** Sends a request and returns its answer. Throws if it is refused. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  send(method: string, path: string, body?: unknown, options?: CallOptions): Promise<any>;
  /** Goes on to a time, such as `09:30`, of a day. Day 0 is two weeks ago. Days until 12 are over for more than a day. */
  goTo(day: number, time: string): void;
  /** Goes on to some minutes before the end. */
  goToLast(minutes: number): void;
  /** Waits until something is so, because the gateway does some of its work in the background. */
  until(what: string, isSo: () => Promise<boolean>): Promise<void>;
}

/** How far back the data goes, in milliseconds. */
export const RICH_TIME = 14 * DAY;

export function createRichMaker(gateway: ChatGateway, clock: MovingClock, services: RichServices): RichMaker {
  const end = new Date(clock.now().getTime() + RICH_TIME);
  return {
    ...{ gateway, clock, services },
    async send(method, path, body, options) {
      const answer = await gateway.call(method, path, body, options);
      if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
      return answer.body;
    },
    goTo(day, time) {
      const date = new Date(end.getTime() - RICH_TIME + day * DAY).toISOString().slice(0, 10);
      clock.moveTo(new Date(`${date}T${time}:00.000Z`));
    },
    goToLast: (minutes) => clock.moveTo(new Date(end.getTime() - minutes * MINUTE)),
    async until(what, isSo) {
      for (let attempt = 0; attempt < 500; attempt += 1) {
        if (await isSo()) return;
        await Bun.sleep(20);
      }
      throw new Error(`this did not come to be: ${what}`);
    },
  };
}
