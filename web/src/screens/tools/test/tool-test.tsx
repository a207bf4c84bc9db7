import { FlaskConical, Play } from "lucide-react";
import { useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { AgentChoice } from "#web/screens/tools/parts/agent-choice.tsx";
import { formatObject, type JsonObject, parseObject } from "#web/screens/tools/parts/parse-object.ts";
import { Revealed } from "#web/screens/tools/parts/revealed.tsx";
import { toExample } from "#web/screens/tools/test/to-example.ts";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextArea } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { CodeBlock } from "#web/ui/text/code-block.tsx";

interface ToolTestProps {
  /** As models call it. */
  readonly tool: string;
  /** JSON Schema of its arguments, from which an example is made. */
  readonly parameters?: JsonObject;
}

/** Calls a tool as one of the agents would: only to see what it is, or for real. */
export function ToolTest({ tool, parameters = {} }: ToolTestProps) {
  const { tools: words } = useTexts();
  const [agent, setAgent] = useState("");
  const [text, setText] = useState(() => formatObject(toExample(parameters)));
  const [isNoObject, setIsNoObject] = useState(false);
  const invoke = useAction("tools.invoke");
  function call(dryRun: boolean) {
    const args = parseObject(text);
    setIsNoObject(args === undefined);
    if (args) invoke.mutate({ tool, args, dryRun, ...(agent !== "" && { agent_id: agent }) });
  }
  const { isPending, variables, error, data } = invoke;
  return (
    <Section title={words.test} description={words.testHint}>
      <Field label={words.asAgent}>
        <AgentChoice value={agent} onChange={setAgent} empty={words.defaultAgent} />
      </Field>
      <Field label={words.arguments} error={isNoObject && words.notJson}>
        <TextArea
          value={text}
          onChange={({ target }) => setText(target.value)}
          rows={4}
          isMono
          autoGrow
          spellCheck={false}
        />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button
          icon={FlaskConical}
          onClick={() => call(true)}
          isBusy={isPending && variables.dryRun === true}
          disabled={isPending}
        >
          {words.dryRun}
        </Button>
        <Button
          icon={Play}
          onClick={() => call(false)}
          isBusy={isPending && variables.dryRun !== true}
          disabled={isPending}
        >
          {words.realRun}
        </Button>
      </div>
      {(error || data) && !isPending && (
        <Revealed>
          {error && (
            <Callout tone="bad" title={words.testFailed}>
              <span className="whitespace-pre-wrap">{error.message}</span>
            </Callout>
          )}
          {data && <Result result={data} />}
        </Revealed>
      )}
    </Section>
  );
}

function Result({ result }: { readonly result: OutputOf<"tools.invoke"> }) {
  const { tools: words } = useTexts();
  if ("result" in result)
    return (
      <>
        <p className="text-soft">{words.resultOf}</p>
        <CodeBlock code={result.result.output} wrap maxHeight="24rem" />
      </>
    );
  return (
    <>
      <Callout tone="good" title={words.dryRunWorks}>
        {result.description}
      </Callout>
      <CodeBlock code={formatObject(result.parameters)} maxHeight="16rem" />
    </>
  );
}
