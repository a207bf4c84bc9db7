import { FrameParser } from "#testing/run-follower.ts";

/** A streamed chat answer, as far as it was received. */
export interface ReadChat {
  readonly text: string;
  readonly isDone: boolean;
  readonly errorCode: string | undefined;
}

interface ChatFrame {
  readonly choices?: readonly { readonly delta: { readonly content?: string | null } }[];
  readonly error?: { readonly code: string };
}

/** Reads a streamed chat answer until it ends or the connection breaks. */
export async function readChatStream(response: Response): Promise<ReadChat> {
  const parser = new FrameParser();
  let text = "";
  let isDone = false;
  let errorCode: string | undefined;
  try {
    for await (const bytes of response.body ?? []) {
      for (const { data } of parser.push(bytes)) {
        if (data === "[DONE]") {
          isDone = true;
          continue;
        }
        const { choices, error } = JSON.parse(data) as ChatFrame;
        text += choices?.[0]?.delta.content ?? "";
        errorCode = error?.code ?? errorCode;
      }
    }
  } catch {
    // The connection broke. The text received so far is returned.
  }
  return { text, isDone, errorCode };
}
