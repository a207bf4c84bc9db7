import { Check } from "lucide-react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { Button } from "#web/ui/button.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { ToneIcon } from "#web/ui/status.tsx";
import { useToast } from "#web/ui/toast.tsx";

/** Lets somebody in who read their code out. */
export function ApproveByCode() {
  const { channels: words } = useTexts();
  const toast = useToast();
  const approve = useAction("devices.approve");
  const { register, reset, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { code: "" },
    async send({ code }) {
      const { paired } = await approve.mutateAsync({ code: code.trim().toUpperCase() });
      reset();
      toast({ tone: "good", title: words.wasApproved(paired.sender_id) });
    },
  });
  const error = errorOf("code") ?? refusal;
  return (
    <form onSubmit={onSubmit} className="flex flex-wrap items-center gap-2">
      {error && (
        <p role="alert" className="flex items-center gap-1.5 text-bad text-note">
          <ToneIcon tone="bad" />
          {error}
        </p>
      )}
      <TextInput
        {...register("code")}
        aria-label={words.enterCode}
        placeholder={words.enterCode}
        isMono
        autoComplete="off"
        spellCheck={false}
        className="w-32 uppercase placeholder:normal-case"
      />
      <Button type="submit" icon={Check} isBusy={approve.isPending}>
        {words.approveByCode}
      </Button>
    </form>
  );
}
