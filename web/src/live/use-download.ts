import { useCallback } from "react";
import type { InputOf } from "#client/index.ts";
import { GoClawError } from "#client/index.ts";
import { callFile, type FileOperation } from "#web/live/call-file.ts";
import { useGateway } from "#web/live/gateway.tsx";
import { useToast } from "#web/ui/toast.tsx";

/** How long the browser may take to begin to save a file, in milliseconds. */
const PATIENCE = 10_000;

/** Gives a file to the person to keep. */
function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), PATIENCE);
}

/** Returns what downloads a file. Other than a plain link, it asks in the tenant that the person chose. */
export function useDownload() {
  const { client } = useGateway();
  const toast = useToast();
  return useCallback(
    async <Name extends FileOperation>(operation: Name, input: InputOf<Name>, name: string): Promise<void> => {
      try {
        saveFile(await callFile(client, operation, input), name);
      } catch (thrown) {
        if (!(thrown instanceof GoClawError)) throw thrown;
        toast({ tone: "bad", title: thrown.message });
      }
    },
    [client, toast],
  );
}
