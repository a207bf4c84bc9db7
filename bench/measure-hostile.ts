import { readEventLoopDelay } from "./event-loop-delay.ts";
import type { Figures } from "./measurements.ts";
import { peakMegabytes, resetPeak, residentMegabytes } from "./processes.ts";
import type { Stage, Target } from "./start-stage.ts";

/** How many callers send large texts at the same moment. */
const CALLERS = 30;

/** Bodies that cost a careless server far more than their size. */
const BODIES: readonly (() => object)[] = [
  () => ({ messages: [{ role: "user", content: Array(5_000_000).fill(1) }] }),
  () => ({
    messages: [],
    metadata: Object.fromEntries(Array.from({ length: 900_000 }, (_, index) => [`k${index}`, 1])),
  }),
  () => ({ messages: Array(2_000).fill({ role: "nobody", content: 5 }) }),
];

/** Chats of about 19 MB each. Texts with letters beyond Latin-1 take more memory than bytes. */
const CHATS: readonly (readonly string[])[] = [
  ["x".repeat(19_000_000)],
  ["Việt Nam ".repeat(1_700_000)],
  Array(1_900).fill("Việt Nam ".repeat(900)),
];

/** A picture of one pixel, from which large ones of small files are made. */
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Photos of 12 megapixels, and one that is as large as a WebP may be to be scaled. As data: URLs. */
async function makePhotos(): Promise<readonly string[]> {
  const photo = () => new Bun.Image(Buffer.from(PIXEL, "base64"));
  return Promise.all([
    photo().resize(4_032, 3_024).jpeg().dataurl(),
    photo().resize(4_032, 3_024).png().dataurl(),
    photo().resize(2_500, 2_000).webp({ quality: 100 }).dataurl(),
  ]);
}

/**
 * Measures the longest delay of the gateway's event loop in milliseconds, and its peak memory in megabytes, while a
 * legitimate caller sends hostile bodies and then thirty chats of 19 MB at once. Measures before by how many times its
 * size the gateway grows for one such chat, at most, and by how many megabytes for a large image in a small file.
 */
export async function measureHostile({ gateway }: Stage): Promise<Figures> {
  const texts = CHATS.map((contents) => {
    const messages = contents.map((content, index) => ({ role: index % 2 === 0 ? "user" : "assistant", content }));
    return JSON.stringify({ model: gateway.model, messages });
  });
  const growths: number[] = [];
  for (const text of texts) growths.push((1e6 * (await growthOf(gateway, text))) / Buffer.byteLength(text));
  const imageGrowths: number[] = [];
  for (const url of await makePhotos()) {
    const content = [{ type: "image_url", image_url: { url } }];
    const body = JSON.stringify({ model: gateway.model, messages: [{ role: "user", content }] });
    imageGrowths.push(await growthOf(gateway, body));
  }
  await readEventLoopDelay(gateway);
  resetPeak(gateway.pid);
  for (const body of BODIES) await post(gateway, JSON.stringify({ model: gateway.model, ...body() }));
  await Promise.all(Array.from({ length: CALLERS }, (_, index) => post(gateway, texts[index % texts.length] ?? "")));
  const { p99, max } = await readEventLoopDelay(gateway);
  return {
    growth: Math.max(...growths),
    imageGrowth: Math.max(...imageGrowths),
    delayP99: p99,
    delayMax: max,
    peakMegabytes: peakMegabytes(gateway.pid),
  };
}

/** Returns by how many megabytes the gateway grows for a chat. */
async function growthOf(gateway: Target, body: string): Promise<number> {
  const before = residentMegabytes(gateway.pid);
  resetPeak(gateway.pid);
  await post(gateway, body);
  return peakMegabytes(gateway.pid) - before;
}

async function post({ port, headers }: Target, body: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body,
  });
  await answer.arrayBuffer();
}
