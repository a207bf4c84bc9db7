import { useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { PromptParts } from "#web/screens/agents/instructions/prompt-parts.tsx";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { CodeBlock } from "#web/ui/text/code-block.tsx";

/** The system prompt of an agent's next run: its parts, what was cut, and the text itself. */
export function PromptCard({ agent }: { readonly agent: Agent }) {
  const { agents: words } = useTexts();
  const [user, setUser] = useState("");
  const preview = useCall(
    "agents.system-prompt-preview",
    { id: agent.id, ...(user !== "" && { user_id: user }) },
    { keepsPrevious: true },
  );
  const instances = useCall("agents.instances.list", { id: agent.id });
  const people = (instances.data?.instances ?? []).map(({ user_id }) => ({ value: user_id, label: user_id }));
  return (
    <Card
      title={words.prompt}
      actions={
        <div className="w-44">
          <Combobox
            aria-label={words.promptFor}
            value={user}
            onValueChange={setUser}
            options={[{ value: "", label: words.forMe }, ...people]}
            allowsOther
          />
        </div>
      }
    >
      <Answered query={preview}>{(shown) => <Prompt preview={shown} window={agent.context_window} />}</Answered>
    </Card>
  );
}

interface PromptProps {
  readonly preview: OutputOf<"agents.system-prompt-preview">;
  /** The model's context window, in tokens. */
  readonly window: number;
}

function Prompt({ preview, window }: PromptProps) {
  const { agents: words } = useTexts();
  const format = useFormat();
  return (
    <div className="grid gap-4">
      {preview.cut_files.map(({ name, chars, shown_chars }) => (
        <Callout key={name} tone="careful" title={words.cutFile(name)}>
          {words.cutFileText(format.number(shown_chars), format.number(chars))}
        </Callout>
      ))}
      <PromptParts sections={preview.sections} window={window} />
      <details className="group">
        <summary className="w-fit rounded font-medium text-soft hover:text-ink">{words.wholePrompt}</summary>
        <CodeBlock code={preview.prompt} wrap maxHeight="32rem" className="mt-3" />
      </details>
    </div>
  );
}
