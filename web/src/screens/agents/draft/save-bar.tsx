import { useRef } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { type Agent, toDraft } from "#web/screens/agents/draft/agent-draft.ts";
import { LeaveGuard } from "#web/screens/agents/draft/leave-guard.tsx";
import { type AgentForm, useChangeCount } from "#web/screens/agents/draft/use-agent-form.ts";
import { Button } from "#web/ui/button.tsx";
import { useHotkey } from "#web/ui/hooks/use-hotkey.ts";
import { Callout } from "#web/ui/page/callout.tsx";
import { Status } from "#web/ui/status.tsx";

interface SaveBarProps {
  readonly agent: Agent;
  readonly form: AgentForm;
}

/** Stands at the lower edge while settings are changed but not saved. Leaving them asks first. */
export function SaveBar({ agent, form }: SaveBarProps) {
  const { agents: words, ui } = useTexts();
  const count = useChangeCount(agent, form);
  const { isSubmitting } = form.formState;
  const isDirty = count > 0;
  const save = useRef<HTMLButtonElement>(null);
  useHotkey("mod+s", () => save.current?.click(), { isEnabled: isDirty });
  return (
    <>
      <LeaveGuard isDirty={isDirty} />
      {isDirty && (
        <div className="sticky bottom-0 z-20 -mx-1 grid gap-2 bg-page/95 px-1 py-3">
          {form.refusal && <Callout tone="bad" title={form.refusal} />}
          <div className="flex flex-wrap items-center gap-2 rounded-lg border border-line-strong bg-raised px-3 py-2 shadow-float">
            <Status tone="careful" className="mr-auto">
              {words.unsaved(count)}
            </Status>
            <Button onClick={() => form.reset(toDraft(agent), { keepDirtyValues: false })} disabled={isSubmitting}>
              {words.discard}
            </Button>
            <Button ref={save} variant="primary" isBusy={isSubmitting} onClick={form.onSubmit}>
              {ui.save}
            </Button>
          </div>
        </div>
      )}
    </>
  );
}
