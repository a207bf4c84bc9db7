/** Creates the function that makes the resources of a measurement. It throws the gateway's answer if it is an error. */
export function createPost(port: number, headers: Readonly<Record<string, string>>) {
  return async (path: string, body: object) => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1${path}`, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as { readonly id: string };
  };
}
