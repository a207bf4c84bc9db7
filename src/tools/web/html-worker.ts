import { convertHtml, type HtmlJob } from "#tools/web/convert-html.ts";

// The entry point of a thread. Converting a page may take seconds, which would block the event loop.

/** The thread's answer to a job. */
export type HtmlAnswer = { readonly text: string } | { readonly error: string };

declare const self: Worker;

self.onmessage = async ({ data }: MessageEvent<HtmlJob>) => {
  self.postMessage(await answer(data));
};

async function answer(job: HtmlJob): Promise<HtmlAnswer> {
  try {
    return { text: await convertHtml(job) };
  } catch (thrown) {
    return { error: String(thrown) };
  }
}
