import { z } from "zod";
import { chooseBackend } from "../backend/choose_backend.ts";
import { probeBackends } from "../backend/probe_backends.ts";
import type { Command } from "./command.ts";
import { validate } from "./flags.ts";
import { formatTable } from "./table.ts";

const options = z.strictObject({
  json: z.boolean().default(false).describe("Print JSON"),
});

/** `backends`: what this machine offers, and what `auto` picks. */
export const backendsCommand: Command = {
  name: "backends",
  summary: "Print what this machine offers, and what auto picks and why",
  examples: [""],
  options,
  async run(flags) {
    const { json } = validate(options, flags);
    const probes = await probeBackends();
    const auto = chooseBackend("auto", probes);
    if (json) {
      console.log(JSON.stringify({ backends: probes, auto }, null, 2));
      return 0;
    }
    console.log(formatTable(
      ["backend", "available", "detail"],
      probes.map(({ name, available, detail }) => [
        name,
        available ? "yes" : "no",
        detail,
      ]),
      3,
    ));
    console.log(`\nauto picks ${auto.name}: ${auto.reason}`);
    return 0;
  },
};
