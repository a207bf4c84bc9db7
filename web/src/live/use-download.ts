import { useCallback } from "react";
import type { HttpOperationName, InputOf, OutputOf } from "#client/index.ts";
import { GoClawError } from "#client/index.ts";
import { useGateway } from "#web/live/gateway.tsx";
import { useToast } from "#web/ui/toast.tsx";

/** The operations that answer with a file. */
type FileOperation = {
  [Name in HttpOperationName]: OutputOf<Name> extends Blob ? Name : never;
}[HttpOperationName];

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
        // Safe: the operations of this type answer with a blob.
        saveFile((await (client.call as AnyCall)(operation, input as object)) as Blob, name);
      } catch (thrown) {
        if (!(thrown instanceof GoClawError)) throw thrown;
        toast({ tone: "bad", title: thrown.message });
      }
    },
    [client, toast],
  );
}

// Safe: the client requires an input exactly where the operation does. A generic name hides that from the compiler.
type AnyCall = (name: HttpOperationName, input: object) => Promise<unknown>;
