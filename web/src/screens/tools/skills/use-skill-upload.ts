import { useMutation } from "@tanstack/react-query";
import type { GoClawError, OutputOf } from "#client/index.ts";
import { useGateway } from "#web/live/gateway.tsx";
import { familyOf } from "#web/live/query-key.ts";

/** Uploads a skill over HTTP, because a file does not fit through the socket. */
export function useSkillUpload() {
  const { client, queries } = useGateway();
  return useMutation<OutputOf<"skills.upload">, GoClawError, File>({
    mutationFn: (file) => client.call("skills.upload", { file }),
    onSuccess: () =>
      queries.invalidateQueries({ predicate: ({ queryKey: [name] }) => familyOf(String(name)) === "skills" }),
  });
}
