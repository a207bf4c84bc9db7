import { LogOut } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
import { useToast } from "#web/ui/toast.tsx";

interface SignOutOthersProps {
  /** The person's own browsers without this one. */
  readonly logins: readonly { readonly id: string }[];
}

/** Signs a person out everywhere else, as after a machine was lost. */
export function SignOutOthers({ logins }: SignOutOthersProps) {
  const { settings } = useTexts();
  const words = settings.browsers;
  const toast = useToast();
  const revoke = useAction("logins.revoke");
  const [isAsked, setIsAsked] = useState(false);
  return (
    <>
      <Button icon={LogOut} onClick={() => setIsAsked(true)}>
        {words.signOutOthers}
      </Button>
      <ConfirmDialog
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        title={words.signOutOthersTitle}
        loses={words.signOutOthersLoses(logins.length)}
        action={words.signOut}
        onConfirm={async () => {
          await Promise.all(logins.map(({ id }) => revoke.mutateAsync({ id })));
          toast({ tone: "good", title: words.signedOut });
        }}
      />
    </>
  );
}
