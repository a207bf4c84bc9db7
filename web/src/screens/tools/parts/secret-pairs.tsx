import { Plus, Trash2 } from "lucide-react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { SecretInput, TextInput } from "#web/ui/fields/text-input.tsx";

/** Keeps the value that is stored under a name. */
const STORED = "***";

/** A name with a value that is never shown once it is stored. */
export interface SecretPair {
  readonly name: string;
  readonly value: string;
}

/** Returns the pairs for names whose values are stored. */
export const toStoredPairs = (names: readonly string[]): SecretPair[] => names.map((name) => ({ name, value: STORED }));

/** Returns what the gateway takes. Pairs without a name are left out. */
export const fromPairs = (pairs: readonly SecretPair[]): Record<string, string> =>
  Object.fromEntries(pairs.filter(({ name }) => name.trim() !== "").map(({ name, value }) => [name.trim(), value]));

interface SecretPairsProps {
  readonly label: string;
  readonly pairs: readonly SecretPair[];
  readonly onChange: (pairs: SecretPair[]) => void;
}

/** Names with secret values, such as headers or environment variables. */
export function SecretPairs({ label, pairs, onChange }: SecretPairsProps) {
  const { tools: words, ui } = useTexts();
  const set = (index: number, pair: SecretPair) => onChange(pairs.map((other, at) => (at === index ? pair : other)));
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 font-medium">{label}</legend>
      {pairs.map((pair, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a pair is known by its place while its name is typed
        <div key={index} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-center gap-2">
          <TextInput
            aria-label={words.pairName}
            placeholder={words.pairName}
            value={pair.name}
            isMono
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => set(index, { ...pair, name: target.value })}
          />
          <SecretInput
            aria-label={words.pairValue}
            placeholder={pair.value === STORED ? words.stored : words.pairValue}
            value={pair.value === STORED ? "" : pair.value}
            onChange={({ target }) => set(index, { ...pair, value: target.value })}
          />
          <IconButton
            label={ui.remove(pair.name)}
            icon={Trash2}
            onClick={() => onChange(pairs.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button
        size="sm"
        icon={Plus}
        className="justify-self-start"
        onClick={() => onChange([...pairs, { name: "", value: "" }])}
      >
        {words.addPair}
      </Button>
    </fieldset>
  );
}
