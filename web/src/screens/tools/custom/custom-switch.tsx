import { useAction } from "#web/live/use-call.ts";
import type { CustomTool } from "#web/screens/tools/custom/custom-tab.tsx";
import { InstantSwitch } from "#web/screens/tools/parts/instant-switch.tsx";

/** Switches one of the tenant's own tools on or off. */
export function CustomSwitch({ tool }: { readonly tool: CustomTool }) {
  const { mutateAsync } = useAction("tools.custom.update");
  return (
    <InstantSwitch name={tool.name} isOn={tool.enabled} onTurn={(enabled) => mutateAsync({ id: tool.id, enabled })} />
  );
}
