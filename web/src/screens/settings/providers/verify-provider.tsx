import { useState } from "react";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Refused } from "#web/live/answered.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import type { Provider } from "#web/screens/settings/providers/provider-types.ts";
import { Button } from "#web/ui/button.tsx";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Section } from "#web/ui/page/card.tsx";

/** Tries a provider with each of its keys, and says what it answered. */
export function VerifyProvider({ provider }: { readonly provider: Provider }) {
  const { settings } = useTexts();
  const words = settings.providers;
  const format = useFormat();
  const [model, setModel] = useState("");
  const models = useCall("providers.models", { id: provider.id });
  const verify = useAction("providers.verify");
  const verifyEmbedding = useAction("providers.verify-embedding");
  const hasEmbedding = provider.settings?.embedding !== undefined;
  return (
    <Section title={words.verifyTitle} description={words.verifyHint}>
      <div className="flex flex-wrap gap-2">
        <Combobox
          aria-label={words.verifyModel}
          value={model}
          onValueChange={setModel}
          placeholder={words.firstModel}
          allowsOther
          options={(models.data?.models ?? []).map(({ id, name }) => ({
            value: id,
            label: id,
            ...(name && { hint: name }),
          }))}
          className="min-w-0 flex-1 basis-48"
        />
        <Button
          isBusy={verify.isPending}
          onClick={() => verify.mutate({ id: provider.id, ...(model !== "" && { model }) })}
        >
          {words.verify}
        </Button>
        {hasEmbedding && (
          <Button isBusy={verifyEmbedding.isPending} onClick={() => verifyEmbedding.mutate({ id: provider.id })}>
            {words.verifyEmbedding}
          </Button>
        )}
      </div>
      {verify.error && <Refused error={verify.error} />}
      {verify.data && !verify.isPending && <Verdict verdict={verify.data} works={words.works} />}
      {verifyEmbedding.error && <Refused error={verifyEmbedding.error} />}
      {verifyEmbedding.data && !verifyEmbedding.isPending && (
        <Verdict
          verdict={verifyEmbedding.data}
          works={words.embeddingWorks(format.number(verifyEmbedding.data.dimensions ?? 0))}
        />
      )}
    </Section>
  );
}

interface VerdictProps {
  readonly verdict: {
    readonly valid: boolean;
    readonly key_number?: number;
    readonly error?: string;
    readonly provider_message?: string;
  };
  readonly works: string;
}

function Verdict({ verdict: { valid, key_number, error, provider_message }, works }: VerdictProps) {
  const { settings } = useTexts();
  const words = settings.providers;
  if (valid) return <Callout tone="good" title={works} />;
  return (
    <Callout tone="bad" title={key_number === undefined ? words.worksNot : words.worksNotWithKey(key_number)}>
      {error && <p>{error}</p>}
      {provider_message && <p className="text-soft">{provider_message}</p>}
    </Callout>
  );
}
