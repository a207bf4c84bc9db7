const THIS_MACHINE = ["localhost", "127.0.0.1", "::1"];

/** Takes addresses of this machine out of the proxy's hands, which would look for them on its own machine. */
export function reachThisMachineDirectly(env: NodeJS.ProcessEnv): void {
  const listed = env.NO_PROXY ?? env.no_proxy ?? "";
  const direct = [...listed.split(","), ...THIS_MACHINE].filter((name) => name !== "").join(",");
  env.NO_PROXY = direct;
  env.no_proxy = direct;
}
