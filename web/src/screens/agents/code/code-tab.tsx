import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { APIS, type Api, type SampleTarget, TOKEN_VARIABLE } from "#web/screens/agents/code/sample.ts";
import { toCurl } from "#web/screens/agents/code/to-curl.ts";
import { toPython } from "#web/screens/agents/code/to-python.ts";
import { toTypeScript } from "#web/screens/agents/code/to-typescript.ts";
import { toTypeScriptOpenAi } from "#web/screens/agents/code/to-typescript-openai.ts";
import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { Segments } from "#web/ui/fields/segments.tsx";
import { TextLink } from "#web/ui/link.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { CodeBlock } from "#web/ui/text/code-block.tsx";

interface Language {
  readonly key: string;
  readonly name: string;
  readonly install?: string;
  readonly write: (api: Api, target: SampleTarget) => string | undefined;
}

const LANGUAGES: readonly Language[] = [
  { key: "curl", name: "curl", write: toCurl },
  { key: "typescript", name: "TypeScript · goclaw/client", write: toTypeScript },
  { key: "typescript-openai", name: "TypeScript · openai", install: "npm install openai", write: toTypeScriptOpenAi },
  { key: "python", name: "Python", write: toPython },
];

const PYTHON_PACKAGES: Readonly<Record<Api, string>> = {
  chat: "pip install openai",
  responses: "pip install openai",
  websocket: "pip install websockets",
};

/** How to call an agent from a program, in the languages and the protocols that most people use. */
export function CodeTab({ agent }: AgentTabProps) {
  const { agents: words } = useTexts();
  const { item } = useSearch({ from: "/agents/$agentId" });
  const navigate = useNavigate({ from: "/agents/$agentId" });
  const api = APIS.find((name) => name === item) ?? "chat";
  const target = { origin: location.origin, agentKey: agent.agent_key };
  const samples = LANGUAGES.flatMap(({ write, ...language }) => {
    const code = write(api, target);
    return code === undefined ? [] : [{ ...language, code }];
  });
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <Segments
          aria-label={words.protocol}
          value={api}
          onValueChange={(item) => void navigate({ search: (before) => ({ ...before, item }), replace: true })}
          options={APIS.map((value) => ({ value, label: words.protocols[value] }))}
        />
        <p className="min-w-0 text-soft">
          {words.tokenFrom} <code>{TOKEN_VARIABLE}</code>.{" "}
          <TextLink href="/settings?tab=keys">{words.makeKey}</TextLink>
        </p>
      </div>
      {samples.map(({ key, name, install, code }) => (
        <Card
          key={key}
          title={name}
          actions={<code className="text-soft">{key === "python" ? PYTHON_PACKAGES[api] : install}</code>}
        >
          <CodeBlock code={code} />
        </Card>
      ))}
    </div>
  );
}
