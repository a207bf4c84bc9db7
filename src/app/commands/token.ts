import { loadConfig } from "#app/config/load-config.ts";
import { gatewayToken } from "#app/gateway-secrets.ts";
import { openHome, renewToken } from "#app/home/home.ts";
import { EXIT_CONFIGURATION, StartError } from "#app/start-error.ts";

/** Prints only the token to standard output, for use in scripts. Replaces the token first if `renew` is set. */
export function runToken({ renew }: { readonly renew: boolean }): void {
  const home = openHome(process.env);
  const { config } = loadConfig({ home: home.path, env: process.env });
  if (!renew) {
    print(gatewayToken(config, home).reveal());
    return;
  }
  if (config.gateway.token) {
    throw new StartError(
      "The gateway token is set in the configuration (gateway.token or GOCLAW_GATEWAY_TOKEN): change it there.",
      { exitCode: EXIT_CONFIGURATION },
    );
  }
  print(renewToken(home).reveal());
  process.stderr.write("A running gateway takes the new token when it is started again.\n");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
