import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { GoClawError, InputOf } from "#client/index.ts";
import { callFile, type FileOperation } from "#web/live/call-file.ts";
import { useGateway } from "#web/live/gateway.tsx";

/**
 * Returns an address at which the page itself holds a file that never changes. A plain link would ask in the tenant of
 * the login, which may be another one than the person chose.
 */
export function useFileUrl<Name extends FileOperation>(operation: Name, input: InputOf<Name>) {
  const { client } = useGateway();
  const { data, error, refetch } = useQuery<Blob, GoClawError>({
    // No event makes it stale.
    queryKey: ["blobs.kept", operation, input],
    queryFn: ({ signal }) => callFile(client, operation, input, { signal }),
  });
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!data) return;
    const made = URL.createObjectURL(data);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [data]);
  return { url, error, refetch };
}
