import type { OutputOf } from "#client/index.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

interface ProviderTroublesProps {
  readonly troubles: OutputOf<"providers.health">["troubles"];
}

/** Why the gateway avoids a provider, or single models of it, and for how long yet. */
export function ProviderTroubles({ troubles }: ProviderTroublesProps) {
  const { settings } = useTexts();
  const words = settings.providers;
  const format = useFormat();
  if (troubles.length === 0) return null;
  return (
    <Callout tone="careful" title={words.avoided}>
      <ul>
        {troubles.map(({ model = "", state, for_ms, kind }) => (
          <li key={`${model} ${state}`}>
            {model !== "" && <span className="mr-1.5 font-mono text-code">{model}</span>}
            {words.troubles[state]} {words.forYet(format.duration(for_ms))}
            {kind && <span className="text-soft"> · {kind}</span>}
          </li>
        ))}
      </ul>
    </Callout>
  );
}
