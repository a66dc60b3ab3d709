import { assert } from "@std/assert";

const root = new URL("../", import.meta.url);

/**
 * Runs a script that drives a browser, in a process of its own, as playwright
 * asks for every permission.
 *
 * @param script Path of the script, from the checkout.
 * @returns What it printed last, a line of JSON.
 */
export async function runBrowser(
  script: string,
  ...args: string[]
  // deno-lint-ignore no-explicit-any
): Promise<any> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-all",
      new URL(script, root).href,
      ...args,
    ],
    cwd: root,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
  return JSON.parse(lines.at(-1)!);
}
