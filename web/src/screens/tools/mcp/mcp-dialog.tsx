import { PlugZap } from "lucide-react";
import { Controller, useWatch } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { fromMcpDraft, type McpDraft, toConnection, toMcpDraft } from "#web/screens/tools/mcp/mcp-draft.ts";
import type { ListedServer } from "#web/screens/tools/mcp/mcp-tab.tsx";
import { McpTransportFields } from "#web/screens/tools/mcp/mcp-transport-fields.tsx";
import { Revealed } from "#web/screens/tools/parts/revealed.tsx";
import { useCloseGuard } from "#web/screens/tools/parts/use-close-guard.tsx";
import { Button } from "#web/ui/button.tsx";
import { FormDialog } from "#web/ui/dialogs/form-dialog.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { Segments } from "#web/ui/fields/segments.tsx";
import { Checkbox } from "#web/ui/fields/switch.tsx";
import { NumberInput, TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

const TRANSPORTS = [
  { value: "streamable-http", label: "HTTP" },
  { value: "sse", label: "SSE" },
  { value: "stdio", label: "stdio" },
] as const;

interface McpDialogProps {
  /** Absent for a new one. */
  readonly server?: ListedServer;
  readonly onClose: () => void;
}

/** Adds an MCP server or changes one. It can be tried before anything is stored. */
export function McpDialog({ server, onClose }: McpDialogProps) {
  const { tools: words, ui } = useTexts();
  const create = useAction("mcp.servers.create");
  const update = useAction("mcp.servers.update");
  const test = useAction("mcp.servers.test");
  const form = useForm<McpDraft>({
    defaultValues: toMcpDraft(server),
    async send(draft) {
      const input = fromMcpDraft(draft, server);
      if (server) await update.mutateAsync({ id: server.id, ...input });
      else await create.mutateAsync(input);
      onClose();
    },
  });
  const { register, control, getValues, onSubmit, errorOf, refusal } = form;
  const transport = useWatch({ control, name: "transport" });
  const { close, question } = useCloseGuard(form.formState.isDirty, onClose);
  return (
    <FormDialog
      onClose={close}
      size="lg"
      title={server ? words.editServer(server.display_name || server.name) : words.addServer}
      action={ui.save}
      isBusy={create.isPending || update.isPending}
      refusal={refusal}
      onSubmit={onSubmit}
      question={question}
      start={
        <Button
          icon={PlugZap}
          className="mr-auto"
          isBusy={test.isPending}
          onClick={() => test.mutate(toConnection(getValues()))}
        >
          {words.testConnection}
        </Button>
      }
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={words.name} hint={words.serverNameHint} error={errorOf("name")} isRequired>
          <TextInput {...register("name")} isMono autoFocus autoComplete="off" spellCheck={false} />
        </Field>
        <Field label={words.displayName} error={errorOf("display_name")}>
          <TextInput {...register("display_name")} autoComplete="off" />
        </Field>
      </div>
      <Field label={words.transport} error={errorOf("transport")}>
        <Controller
          control={control}
          name="transport"
          render={({ field: { value, onChange } }) => (
            <Segments value={value} onValueChange={onChange} options={TRANSPORTS} />
          )}
        />
      </Field>
      <McpTransportFields form={form} transport={transport} hasKey={server?.has_api_key ?? false} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={words.timeout} error={errorOf("timeout_sec")}>
          <NumberInput {...register("timeout_sec")} unit="s" placeholder="60" />
        </Field>
        <Field label={words.toolPrefix} hint={words.toolPrefixHint} error={errorOf("tool_prefix")}>
          <TextInput {...register("tool_prefix")} isMono autoComplete="off" spellCheck={false} />
        </Field>
      </div>
      <Checkbox
        {...register("require_user_credentials")}
        label={words.ownCredentials}
        hint={words.ownCredentialsHint}
      />
      <Verdict test={test} />
    </FormDialog>
  );
}

type Test = ReturnType<typeof useAction<"mcp.servers.test">>;

function Verdict({ test }: { readonly test: Test }) {
  const { tools: words } = useTexts();
  const { data, error, isPending } = test;
  if (isPending || !(data || error)) return null;
  return (
    <Revealed>
      {error && <Callout tone="bad" title={error.message} />}
      {data?.success === true && <Callout tone="good" title={words.connects(data.tool_count ?? 0)} />}
      {data?.success === false && (
        <Callout tone="bad" title={words.connectsNot}>
          {data.error}
        </Callout>
      )}
    </Revealed>
  );
}
