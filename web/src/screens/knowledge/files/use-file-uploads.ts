import { useCallback, useState } from "react";
import { GoClawError } from "#client/index.ts";
import { useGateway } from "#web/live/gateway.tsx";
import { familyOf } from "#web/live/query-key.ts";

export interface FileUpload {
  readonly key: string;
  readonly name: string;
  readonly state: "waiting" | "sending" | "done" | "failed";
  readonly message?: string;
}

/** Sends files to a folder, one after the other, so that a hundred of them do not crowd out the rest. */
export function useFileUploads(folder: string) {
  const { client, queries } = useGateway();
  const [list, setList] = useState<readonly FileUpload[]>([]);

  const send = useCallback(
    async (files: readonly File[]) => {
      const uploads = files.map((file) => ({ file, key: crypto.randomUUID() }));
      setList((before) => [
        ...before.filter(({ state }) => state !== "done"),
        ...uploads.map(({ file, key }) => ({ key, name: file.name, state: "waiting" as const })),
      ]);
      for (const { file, key } of uploads) {
        const change = (changed: Partial<FileUpload>) =>
          setList((all) => all.map((upload) => (upload.key === key ? { ...upload, ...changed } : upload)));
        change({ state: "sending" });
        try {
          await client.call("storage.upload", { file, ...(folder !== "" && { path: folder }) });
          change({ state: "done" });
        } catch (thrown) {
          change({ state: "failed", message: thrown instanceof GoClawError ? thrown.message : String(thrown) });
        }
      }
      await queries.invalidateQueries({
        predicate: ({ queryKey: [name] }) => ["files", "storage"].includes(familyOf(String(name))),
      });
    },
    [client, queries, folder],
  );

  const add = useCallback((files: readonly File[]) => void send(files), [send]);
  const clear = useCallback(() => setList([]), []);
  return { list, add, clear };
}
