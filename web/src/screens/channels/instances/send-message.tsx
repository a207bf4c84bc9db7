import { Send } from "lucide-react";
import { Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import type { Instance } from "#web/screens/channels/channel-types.ts";
import { Button } from "#web/ui/button.tsx";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import type { Option } from "#web/ui/fields/option.ts";
import { TextArea } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { LoadingState } from "#web/ui/states.tsx";
import { useToast } from "#web/ui/toast.tsx";

/** How many conversations are looked through for chats of the account. */
const SESSIONS = 200;

/** Writes to a chat of an account, to see that messages go out. */
export function SendMessage({ instance }: { readonly instance: Instance }) {
  const { channels: words } = useTexts();
  const isAdmin = hasRole(useCaller(), "admin");
  const sessions = useCall("sessions.list", { channel: instance.name, limit: SESSIONS });
  return (
    <Section title={words.testTitle} description={words.testHint}>
      <Answered query={sessions} loading={<LoadingState lines={2} />}>
        {({ sessions: all }) => {
          const chats = all.flatMap(({ key, label }) => {
            const [, , name, ...chat] = key.split(":");
            const value = chat.join(":");
            return name === instance.name && value !== "" ? [{ value, label: label || value, hint: value }] : [];
          });
          // Those who are no administrators see their own conversations alone, so they write the chat themselves.
          return chats.length === 0 && isAdmin ? (
            <p className="text-soft">{words.testNoChats}</p>
          ) : (
            <MessageForm channel={instance.name} chats={chats} />
          );
        }}
      </Answered>
    </Section>
  );
}

interface MessageFormProps {
  readonly channel: string;
  readonly chats: readonly Option[];
}

function MessageForm({ channel, chats }: MessageFormProps) {
  const { channels: words } = useTexts();
  const toast = useToast();
  const send = useAction("channels.send");
  const { register, control, reset, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { to: chats[0]?.value ?? "", message: "" },
    async send({ to, message }) {
      await send.mutateAsync({ channel, to, message });
      reset({ to, message: "" });
      toast({ tone: "good", title: words.testSent });
    },
  });
  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      {refusal && <Callout tone="bad" title={refusal} />}
      <Field label={words.testTo} error={errorOf("to")}>
        <Controller
          control={control}
          name="to"
          render={({ field: { value, onChange } }) => (
            <Combobox value={value} onValueChange={onChange} options={chats} allowsOther placeholder="direct:42" />
          )}
        />
      </Field>
      <Field label={words.testMessage} error={errorOf("message")}>
        <TextArea {...register("message")} rows={2} autoGrow />
      </Field>
      <Button type="submit" icon={Send} isBusy={send.isPending} className="justify-self-start">
        {words.testSend}
      </Button>
    </form>
  );
}
