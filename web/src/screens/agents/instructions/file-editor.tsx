import { useDeferredValue, useEffect } from "react";
import { useWatch } from "react-hook-form";
import type { InputOf } from "#client/index.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { LeaveGuard } from "#web/screens/agents/draft/leave-guard.tsx";
import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextArea } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { useToast } from "#web/ui/toast.tsx";

export type FileName = InputOf<"agents.files.get">["name"];

/** The prompt shows so many characters of a file. What is longer is cut in its middle. */
const SHOWN = 20_000;

interface FileEditorProps extends Pick<AgentTabProps, "agent" | "mayChange" | "onWrite"> {
  readonly name: FileName;
}

/** Reads and writes one of the files that say who an agent is. */
export function FileEditor(props: FileEditorProps) {
  const { agent, name } = props;
  const file = useCall("agents.files.get", { id: agent.id, name });
  return <Answered query={file}>{({ file }) => <Editor {...props} content={file.content ?? ""} />}</Answered>;
}

function Editor({ agent, name, mayChange, onWrite, content }: FileEditorProps & { readonly content: string }) {
  const { agents: words, ui } = useTexts();
  const format = useFormat();
  const toast = useToast();
  const write = useAction("agents.files.set");
  const { register, control, reset, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { content },
    values: { content },
    async send(input) {
      await write.mutateAsync({ id: agent.id, name, ...input });
      reset(input, { keepDirtyValues: false });
      toast({ tone: "good", title: words.saved(name) });
    },
  });
  const written = useWatch({ control, name: "content" });
  const isDirty = written !== content;
  // The rest of the page follows when there is time, so that it never slows down a person who types.
  const settled = useDeferredValue(written);
  useEffect(
    () => onWrite(settled === content ? undefined : { name, content: settled }),
    [settled, content, name, onWrite],
  );
  useEffect(() => () => onWrite(undefined), [onWrite]);
  return (
    <form onSubmit={onSubmit} className="grid min-w-0 gap-3">
      <LeaveGuard
        isDirty={isDirty}
        loses={({ tab, item }) => tab !== "instructions" || (item !== undefined && item !== name)}
      />
      {refusal && <Callout tone="bad" title={refusal} />}
      <Field
        label={<code>{name}</code>}
        hint={words.fileHints[name]}
        error={errorOf("content")}
        aside={
          <span className="tabular text-note text-soft">
            {words.characters(format.number(written.length), format.number(SHOWN))}
          </span>
        }
      >
        <TextArea {...register("content")} rows={16} isMono disabled={!mayChange} spellCheck={false} />
      </Field>
      {written.length > SHOWN && <Callout tone="careful">{words.fileCut}</Callout>}
      {mayChange && (
        <div className="flex justify-end gap-2">
          <Button disabled={!isDirty} onClick={() => reset({ content }, { keepDirtyValues: false })}>
            {words.discard}
          </Button>
          <Button type="submit" variant="primary" disabled={!isDirty} isBusy={write.isPending}>
            {ui.save}
          </Button>
        </div>
      )}
    </form>
  );
}
