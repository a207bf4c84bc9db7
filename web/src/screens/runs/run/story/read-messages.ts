/** A message as a model was sent it. */
export interface SentMessage {
  readonly role: string;
  readonly text: string;
}

/** Stands in a preview where its middle was left out. */
const CUT = " […] ";
const MESSAGE = /\{"role":"(\w+)","content":(?:"((?:[^"\\]|\\.)*)"?|(\[.*?\]))\}?,?/gs;

/** Reads the messages of a preview. A long one has no middle, so it is no JSON any more. */
export function readMessages(preview: string): readonly SentMessage[] {
  const found = preview.split(CUT).flatMap((piece) => {
    const messages = [...piece.matchAll(MESSAGE)];
    const before = piece.slice(0, messages[0]?.index ?? piece.length).replace(/^\[|"?\},?$/g, "");
    return [
      ...(before === "" ? [] : [{ role: "…", text: unescaped(before) }]),
      ...messages.map(([, role = "", text, parts = ""]) => ({
        role,
        text: text === undefined ? parts : unescaped(text),
      })),
    ];
  });
  return found.length > 0 ? found : [{ role: "…", text: preview }];
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
