import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

/** What a person must know of the file as a whole: changes that wait, and settings without effect. */
export function ConfigNotices({ file }: { readonly file: OutputOf<"config.get"> }) {
  const { settings } = useTexts();
  const words = settings.configuration;
  const { restart_keys, warnings } = file;
  return (
    <>
      {restart_keys.length > 0 && (
        <Callout tone="careful" title={words.waitsTitle}>
          <span className="font-mono text-code">{restart_keys.join(", ")}</span>
        </Callout>
      )}
      {warnings.length > 0 && (
        <Callout tone="careful" title={words.warnings}>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Callout>
      )}
    </>
  );
}
