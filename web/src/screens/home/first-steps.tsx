import { Link } from "@tanstack/react-router";
import { MessageSquare } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { ChooseModel } from "#web/screens/home/choose-model.tsx";
import { ConnectProvider } from "#web/screens/home/connect-provider.tsx";
import { VerifyProvider } from "#web/screens/home/verify-provider.tsx";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/page/card.tsx";

interface FirstStepsProps {
  /** A provider that was connected before, with which the steps go on. */
  readonly known: OutputOf<"providers.create"> | undefined;
}

/** Leads from the demo model to a real one: a key, a trial, a model. */
export function FirstSteps({ known }: FirstStepsProps) {
  const { home: words } = useTexts();
  const [connected, setProvider] = useState<OutputOf<"providers.create">>();
  const provider = connected ?? known;
  const [isVerified, setIsVerified] = useState(false);
  return (
    <Card title={words.stepsTitle}>
      <div className="grid gap-4">
        <p className="text-soft">{words.stepsHint}</p>
        <ol className="grid gap-4 lg:grid-cols-3">
          <Step number={1} title={words.stepKey} isDone={isVerified}>
            {!isVerified && <ConnectProvider provider={provider} onConnected={setProvider} />}
          </Step>
          <Step number={2} title={words.stepVerify} isDone={isVerified}>
            {provider && <VerifyProvider key={provider.updated_at} id={provider.id} onVerified={setIsVerified} />}
          </Step>
          <Step number={3} title={words.stepModel} isDone={false}>
            {provider && isVerified && <ChooseModel provider={provider} />}
          </Step>
        </ol>
        <div>
          <Button asChild icon={MessageSquare}>
            <Link to="/chat" search={{ agent: "default" }}>
              {words.tryDemo}
            </Link>
          </Button>
        </div>
      </div>
    </Card>
  );
}

interface StepProps {
  readonly number: number;
  readonly title: string;
  readonly isDone: boolean;
  readonly children: ReactNode;
}

function Step({ number, title, isDone, children }: StepProps) {
  return (
    <li className="flex flex-col gap-3 rounded-lg border border-line p-4">
      <h3 className="flex items-center gap-2 font-medium">
        <span className="flex size-5 items-center justify-center rounded-full bg-accent-soft text-accent text-note">
          {isDone ? "✓" : number}
        </span>
        {title}
      </h3>
      {children}
    </li>
  );
}
