import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { ClientTable } from "#web/screens/settings/about/client-table.tsx";
import { Findings } from "#web/screens/settings/about/findings.tsx";
import { Card, Section } from "#web/ui/page/card.tsx";
import { Facts } from "#web/ui/page/facts.tsx";
import { Status } from "#web/ui/status.tsx";
import { IdText } from "#web/ui/text/id-text.tsx";

/** What this gateway is, who the person is to it, who else is connected, and where to read on. */
export function AboutTab() {
  const { settings, shell } = useTexts();
  const words = settings.about;
  const format = useFormat();
  const caller = useCaller();
  const overview = useCall("gateway.overview", {});
  const status = useCall("gateway.status", {});
  const info = useCall("gateway.info", {});
  const isGatewayAdmin = hasRole(caller, "admin") && caller.is_master_scope;
  const links = [
    { href: "/docs", label: words.api },
    { href: "/docs/openapi.json", label: words.openapi },
    ...(isGatewayAdmin ? [{ href: "/metrics", label: words.metrics }] : []),
  ];
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
        <Card title={words.gateway}>
          <Answered query={overview}>
            {({ version, uptime, database, tools }) => (
              <Facts
                items={[
                  { label: words.version, value: <span className="tabular">{version ?? "—"}</span> },
                  { label: words.uptime, value: uptime === undefined ? "—" : format.duration(uptime) },
                  {
                    label: words.database,
                    value: (
                      <Status tone={database === "ok" ? "good" : "bad"}>
                        {database === "ok" ? words.databaseOk : words.databaseError}
                      </Status>
                    ),
                  },
                  { label: words.tools, value: format.number(tools ?? 0) },
                  ...(status.data
                    ? [
                        { label: words.agents, value: format.number(status.data.agentTotal) },
                        { label: words.sessions, value: format.number(status.data.sessions) },
                      ]
                    : []),
                  ...(info.data ? [{ label: words.protocol, value: info.data.protocol }] : []),
                ]}
              />
            )}
          </Answered>
        </Card>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <Card title={words.you}>
            <Facts
              items={[
                { label: words.user, value: caller.user_id },
                { label: words.role, value: shell.roles[caller.role] },
                {
                  label: words.tenant,
                  value: (
                    <span className="flex flex-wrap items-baseline gap-x-3">
                      {caller.tenant_name}
                      <IdText id={caller.tenant_id} />
                    </span>
                  ),
                },
                { label: words.signedInWith, value: words.authenticatedBy[caller.authenticated_by] },
              ]}
            />
          </Card>
          <Card title={words.links}>
            <ul className="grid gap-2">
              {links.map(({ href, label }) => (
                <li key={href}>
                  {/* The gateway's own documents are no screens, so they open beside this one. */}
                  <a
                    href={href}
                    target="_blank"
                    rel="noopener"
                    className="text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
                  >
                    {label}
                  </a>
                </li>
              ))}
            </ul>
          </Card>
        </div>
      </div>
      {isGatewayAdmin && <Findings />}
      {hasRole(caller, "admin") && (
        <Section title={words.clients} description={words.clientsHint}>
          <Answered query={overview}>
            {({ clients = [], currentId }) => <ClientTable clients={clients} {...(currentId && { currentId })} />}
          </Answered>
        </Section>
      )}
    </>
  );
}
