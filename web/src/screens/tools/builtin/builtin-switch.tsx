import { useAction } from "#web/live/use-call.ts";
import type { BuiltinTool } from "#web/screens/tools/builtin/builtin-tab.tsx";
import { InstantSwitch } from "#web/screens/tools/parts/instant-switch.tsx";

/** Switches one of the gateway's tools on or off. */
export function BuiltinSwitch({ tool }: { readonly tool: BuiltinTool }) {
  const { mutateAsync } = useAction("tools.builtin.update");
  return (
    <InstantSwitch
      name={tool.name}
      isOn={tool.enabled}
      onTurn={(enabled) => mutateAsync({ name: tool.name, enabled })}
    />
  );
}
