import { useCallback, useRef, useState } from "react";
import { GoClawError } from "#client/index.ts";
import { useGateway } from "#web/live/gateway.tsx";

/** A file that will go with the next message. */
export interface Upload {
  readonly key: string;
  readonly name: string;
  readonly bytes: number;
  readonly state: { readonly kind: "sending" } | { readonly kind: "ready"; readonly id: string } | Refused;
}

interface Refused {
  readonly kind: "refused";
  readonly message: string;
}

/** Uploads files as soon as they are chosen, so that a message never waits for them. */
export function useUploads() {
  const { client } = useGateway();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const stops = useRef(new Map<string, AbortController>());

  const add = useCallback(
    (files: Iterable<File>) => {
      for (const file of files) {
        const key = crypto.randomUUID();
        const stop = new AbortController();
        stops.current.set(key, stop);
        const settle = (state: Upload["state"]) =>
          setUploads((all) => all.map((upload) => (upload.key === key ? { ...upload, state } : upload)));
        setUploads((all) => [...all, { key, name: file.name, bytes: file.size, state: { kind: "sending" } }]);
        client.call("media.upload", { file }, { signal: stop.signal }).then(
          ({ id }) => settle({ kind: "ready", id }),
          (thrown: unknown) =>
            settle({ kind: "refused", message: thrown instanceof GoClawError ? thrown.message : String(thrown) }),
        );
      }
    },
    [client],
  );

  const remove = useCallback((key: string) => {
    stops.current.get(key)?.abort();
    stops.current.delete(key);
    setUploads((all) => all.filter((upload) => upload.key !== key));
  }, []);

  const clear = useCallback(() => setUploads([]), []);
  /** Puts files back that did not go after all. */
  const restore = useCallback((kept: readonly Upload[]) => setUploads((all) => [...kept, ...all]), []);
  return { uploads, add, remove, clear, restore };
}
