import { assert, assertEquals, assertMatch } from "@std/assert";
import { slowTest } from "./slow.ts";
import { probeBackends } from "../src/backend/probe_backends.ts";
import { fromFileUrl } from "./sweep/paths.ts";

slowTest(
  "bench/ leaves standard output to the JSON, and says which backends are ignored and why",
  async () => {
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      {
        args: [
          "bench",
          "--json",
          "--no-check",
          "--no-prompt",
          "--allow-read",
          "--allow-env",
          "--allow-sys",
          "--filter=no bench has this name",
          fromFileUrl(new URL("../bench/", import.meta.url)),
        ],
      },
    ).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assert(success, text(stderr));
    assertEquals(JSON.parse(text(stdout)).benches, []);
    for (const { name, available, software } of await probeBackends()) {
      if (available && !software) continue;
      assertMatch(text(stderr), new RegExp(`^ignored: ${name}: .{10,}$`, "m"));
    }
    assertMatch(text(stderr), /^ignored: sweep of .*: cpu: hours$/m);
  },
);
