import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { Switch } from "#web/ui/fields/switch.tsx";
import { useToast } from "#web/ui/toast.tsx";

interface InstantSwitchProps {
  /** What is switched. */
  readonly name: string;
  readonly isOn: boolean;
  /** Turns it on or off. What it throws is said, and nothing changes. */
  readonly onTurn: (isOn: boolean) => Promise<unknown>;
}

/** Switches something on or off for the whole tenant, which administrators may. It moves at once. */
export function InstantSwitch({ name, isOn, onTurn }: InstantSwitchProps) {
  const { tools: words } = useTexts();
  const toast = useToast();
  const isAdmin = hasRole(useCaller(), "admin");
  const [wanted, setWanted] = useState<boolean>();
  async function turn(next: boolean) {
    setWanted(next);
    try {
      await onTurn(next);
    } catch (thrown) {
      toast({ tone: "bad", title: words.notChanged, text: thrown instanceof Error ? thrown.message : String(thrown) });
    } finally {
      setWanted(undefined);
    }
  }
  return (
    <Switch
      isOn={wanted ?? isOn}
      disabled={!isAdmin}
      label={words.switchOf(name)}
      hidesLabel
      onChange={(next) => void turn(next)}
    />
  );
}
