import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
} from "@std/assert";
import { startWorker } from "../bench/peers/_start_worker.ts";
import type { PeerName } from "../bench/peers/peer.ts";
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

slowTest(
  "bench:peers: dupbench's losses are those of TensorFlow.js's own cpu backend",
  async () => {
    const take = async (name: PeerName) => {
      const worker = startWorker([name, "published-standard", "2"]);
      try {
        const turn = await worker.take(3);
        if ("failed" in turn) throw new Error(turn.failed);
        return turn.losses;
      } finally {
        await worker.stop();
      }
    };
    const ours = await take("dupbench-wasm");
    const theirs = await take("tfjs-cpu");
    ours.forEach((loss, i) => assertAlmostEquals(loss, theirs[i]!, 1e-5));
    assertEquals(new Set(ours).size, 3, "each step changes the loss");
  },
);

Deno.test("bench:peers: a library that cannot train the network says why", async () => {
  const worker = startWorker(["tfjs-wasm", "published-standard", "2"]);
  const turn = await worker.take(1);
  await worker.stop();
  assert("failed" in turn);
  assertMatch(turn.failed, /Conv2DBackpropFilter/);
});
