import { convertDocument } from "#tools/documents/convert-document.ts";
import { DocumentError, type DocumentFault } from "#tools/documents/document-error.ts";

// The entry point of a thread. Reading a document may take seconds, which would block the event loop.

export interface DocumentJob {
  readonly bytes: ArrayBuffer;
  /** The name of the file. */
  readonly name: string;
}

/** The thread's answer to a job. */
export type DocumentAnswer = { readonly text: string } | { readonly fault: DocumentFault };

declare const self: Worker;

self.onmessage = async ({ data }: MessageEvent<DocumentJob>) => {
  self.postMessage(await answer(data));
};

async function answer({ bytes, name }: DocumentJob): Promise<DocumentAnswer> {
  try {
    return { text: await convertDocument(new Uint8Array(bytes), name) };
  } catch (thrown) {
    return { fault: thrown instanceof DocumentError ? thrown.fault : "damaged" };
  }
}
