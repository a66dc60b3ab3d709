import { z } from "zod";
import { defineCommand } from "./command.ts";
import { formatTable } from "./table.ts";

const options = z.strictObject({
  json: z.boolean().default(false).describe("Print JSON"),
});

/** `backends`: what this machine offers, and what `auto` picks. */
export const backendsCommand = defineCommand({
  examples: [""],
  options,
  async run({ json }, io) {
    // Loaded here, so that help does not load TensorFlow.js.
    const { chooseBackend } = await import("../backend/choose_backend.ts");
    const { probeBackends } = await import("../backend/probe_backends.ts");
    const probes = await probeBackends();
    const auto = chooseBackend("auto", probes);
    if (json) {
      io.print(JSON.stringify({ backends: probes, auto }, null, 2));
      return 0;
    }
    io.print(formatTable(
      ["backend", "available", "detail"],
      probes.map(({ name, available, detail }) => [
        name,
        available ? "yes" : "no",
        detail,
      ]),
      3,
    ));
    io.print(`\nauto picks ${auto.name}: ${auto.reason}`);
    return 0;
  },
});
