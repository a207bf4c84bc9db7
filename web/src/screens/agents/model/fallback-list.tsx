import { ArrowUp, Plus, Trash2 } from "lucide-react";
import { useFieldArray } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { AgentForm } from "#web/screens/agents/draft/use-agent-form.ts";
import { ModelChoice } from "#web/screens/agents/model/model-choice.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";

/** The models that are tried one after the other when the agent's own fails. */
export function FallbackList({ form }: { readonly form: AgentForm }) {
  const { agents: words, ui } = useTexts();
  const { fields, append, remove, move, update } = useFieldArray({ control: form.control, name: "candidates" });
  return (
    <div className="grid gap-4">
      <ol className="grid gap-4">
        {fields.map(({ id, provider, model }, index) => (
          <li key={id}>
            <ModelChoice
              provider={provider}
              model={model}
              onProvider={(provider) => update(index, { provider, model: "" })}
              onModel={(model) => update(index, { provider, model })}
              end={
                <div className="flex gap-1">
                  <IconButton
                    label={words.earlier}
                    icon={ArrowUp}
                    disabled={index === 0}
                    onClick={() => move(index, index - 1)}
                  />
                  <IconButton label={ui.remove(model || provider)} icon={Trash2} onClick={() => remove(index)} />
                </div>
              }
            />
          </li>
        ))}
      </ol>
      <Button icon={Plus} className="justify-self-start" onClick={() => append({ provider: "", model: "" })}>
        {words.addFallback}
      </Button>
    </div>
  );
}
