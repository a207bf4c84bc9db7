import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import type { BuiltinTool } from "#web/screens/tools/builtin/builtin-tab.tsx";
import { SettingsForm } from "#web/screens/tools/builtin/settings-form.tsx";
import { formatObject } from "#web/screens/tools/parts/parse-object.ts";
import { ToolTest } from "#web/screens/tools/test/tool-test.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { Status } from "#web/ui/status.tsx";
import { CodeBlock } from "#web/ui/text/code-block.tsx";

/** What one of the gateway's own tools does and takes, with its settings and a test. */
export function BuiltinDetails({ tool }: { readonly tool: BuiltinTool }) {
  const { tools: words } = useTexts();
  const caller = useCaller();
  const { name, group, description, enabled, parameters, settings_schema } = tool;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <div className="grid gap-2">
        <div className="flex items-center gap-3">
          <Badge>{`group:${group}`}</Badge>
          <Status tone={enabled ? "good" : "idle"}>{enabled ? words.on : words.off}</Status>
        </div>
        <p className="max-w-[72ch] whitespace-pre-wrap">{description}</p>
      </div>
      {settings_schema && hasRole(caller, "admin") && <SettingsForm tool={tool} schema={settings_schema} />}
      <Section title={words.takes}>
        <CodeBlock code={formatObject(parameters)} maxHeight="16rem" />
      </Section>
      {enabled && hasRole(caller, "operator") && <ToolTest tool={name} parameters={parameters} />}
    </div>
  );
}
