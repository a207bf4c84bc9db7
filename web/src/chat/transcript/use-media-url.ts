import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useGateway } from "#web/live/gateway.tsx";

/**
 * Returns an address at which the page itself holds an image of a transcript. A plain link would ask in the tenant of
 * the login, which may be another one than the person chose.
 */
export function useMediaUrl(sessionKey: string, blob: string): string | undefined {
  const { client } = useGateway();
  const { data } = useQuery({
    // No event makes it stale: the same name is always the same content.
    queryKey: ["blobs.session", { sessionKey, blob }],
    queryFn: ({ signal }) => client.call("sessions.media.get", { key: sessionKey, blob }, { signal }),
  });
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!data) return;
    const made = URL.createObjectURL(data);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [data]);
  return url;
}
