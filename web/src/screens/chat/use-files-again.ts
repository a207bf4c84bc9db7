import { useCallback } from "react";
import type { MediaPart } from "#web/chat/transcript/to-items.ts";
import { useGateway } from "#web/live/gateway.tsx";

/** Returns what uploads the files of a stored message once more, so that another version of it has them too. */
export function useFilesAgain(sessionKey: string | undefined): (media: readonly MediaPart[]) => Promise<string[]> {
  const { client } = useGateway();
  return useCallback(
    (media) =>
      Promise.all(
        media.map(async (part) => {
          const content = await client.call("sessions.media.get", { key: sessionKey ?? "", blob: part.blob });
          const file = new File([content], nameOf(part, content.type), { type: content.type });
          return (await client.call("media.upload", { file })).id;
        }),
      ),
    [client, sessionKey],
  );
}

/** Images are stored without a name. */
const nameOf = (part: MediaPart, type: string): string =>
  (part.type === "file" && part.filename) || `image.${type.split("/")[1] ?? "png"}`;
