import { RefreshCw } from "lucide-react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { IconButton } from "#web/ui/button.tsx";
import { useToast } from "#web/ui/toast.tsx";

/** Computes the index of all documents of an agent anew, which helps after an update or with a new embedding model. */
export function IndexAll({ agent }: { readonly agent: string }) {
  const { knowledge: words } = useTexts();
  const toast = useToast();
  const index = useAction("memory.index-all");
  return (
    <IconButton
      icon={RefreshCw}
      label={words.indexAll}
      variant="secondary"
      isBusy={index.isPending}
      onClick={() =>
        index.mutate(
          { agentID: agent },
          {
            onSuccess: () => toast({ tone: "good", title: words.indexed }),
            onError: ({ message }) => toast({ tone: "bad", title: message }),
          },
        )
      }
    />
  );
}
