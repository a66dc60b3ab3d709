import { assertEquals } from "@std/assert";
import { fromFileUrl } from "../sweep/paths.ts";

/** Fetches in a process of its own, which may use the network of this machine. */
async function fetchParts(
  limitMs: number,
  kind: "whole" | "late",
): Promise<string> {
  const at = (path: string) => fromFileUrl(new URL(path, import.meta.url));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      `--lock=${at("../../deno.lock")}`,
      "--no-prompt",
      "--allow-net=127.0.0.1",
      at("_fetch_parts.ts"),
      `${limitMs}`,
      kind,
    ],
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertEquals(text(stderr), "");
  return text(stdout);
}

Deno.test("fetchTextBytes() gives all parts of a body", async () => {
  assertEquals(await fetchParts(60_000, "whole"), "[1,2]\n");
});

Deno.test("fetchTextBytes() says that a body does not arrive in time", async () => {
  assertEquals(
    await fetchParts(3000, "late"),
    "it did not arrive within 3 s\n",
  );
});
