import { useWatch } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { DraftChoice, DraftFlag, DraftNumber } from "#web/screens/agents/draft/draft-fields.tsx";
import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { FallbackList } from "#web/screens/agents/model/fallback-list.tsx";
import { ModelChoice } from "#web/screens/agents/model/model-choice.tsx";
import { Card } from "#web/ui/page/card.tsx";

const LEVELS = ["", "off", "low", "medium", "high"] as const;
const ON_BUSY = ["", "steer", "queue", "interrupt", "reject"] as const;

/** With which model an agent works, how hard it thinks, and where its runs end. */
export function ModelFields({ form }: AgentTabProps) {
  const { agents: words } = useTexts();
  const { control, setValue, errorOf } = form;
  const [provider, model, hasFallback] = useWatch({ control, name: ["provider", "model", "has_fallback"] });
  return (
    <>
      <Card title={words.model}>
        <div className="grid gap-4">
          <ModelChoice
            provider={provider}
            model={model}
            onProvider={(next) => {
              setValue("provider", next, { shouldDirty: true });
              if (next !== provider) setValue("model", "", { shouldDirty: true });
            }}
            onModel={(next) => setValue("model", next, { shouldDirty: true })}
            providerError={errorOf("provider")}
            modelError={errorOf("model")}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <DraftChoice
              form={form}
              name="thinking_level"
              label={words.thinking}
              hint={words.thinkingHint}
              options={LEVELS.map((value) => ({ value, label: words.thinkingLevels[value] }))}
            />
            <DraftNumber
              form={form}
              name="max_tokens"
              label={words.maxTokens}
              hint={words.maxTokensHint}
              unit={words.tokens}
              placeholder={words.providersChoice}
            />
          </div>
          <DraftFlag form={form} name="show_reasoning" label={words.showReasoning} />
        </div>
      </Card>
      <Card title={words.fallbacks}>
        <div className="grid gap-4">
          <DraftFlag form={form} name="has_fallback" label={words.useFallbacks} hint={words.fallbacksHint} />
          {hasFallback && (
            <>
              <FallbackList form={form} />
              <DraftFlag form={form} name="cooldown_enabled" label={words.cooldown} hint={words.cooldownHint} />
            </>
          )}
        </div>
      </Card>
      <Card title={words.limits}>
        <div className="grid gap-4 sm:grid-cols-2">
          <DraftNumber
            form={form}
            name="context_window"
            label={words.contextWindow}
            hint={words.contextWindowHint}
            unit={words.tokens}
          />
          <DraftNumber
            form={form}
            name="budget_monthly_cents"
            label={words.budget}
            hint={words.budgetHint}
            unit="US$"
            placeholder={words.noLimit}
          />
          <DraftNumber form={form} name="max_tool_iterations" label={words.modelCalls} hint={words.modelCallsHint} />
          <DraftNumber
            form={form}
            name="max_tool_calls"
            label={words.toolCalls}
            hint={words.toolCallsHint}
            placeholder={words.noLimit}
          />
          <DraftChoice
            form={form}
            name="on_busy"
            label={words.onBusy}
            hint={words.onBusyHint}
            options={ON_BUSY.map((value) => ({ value, label: words.onBusyChoices[value] }))}
          />
        </div>
      </Card>
    </>
  );
}
