import { assert, assertEquals, assertMatch } from "@std/assert";
import { readFlags } from "../../src/cli/flags.ts";
import { commands } from "../../src/cli/main.ts";
import config from "../../deno.json" with { type: "json" };

/** Words as a shell takes them, of quotes the double ones. */
const split = (line: string) =>
  (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));

for (const { name, options, operands, examples } of commands) {
  Deno.test(`${name} --help has examples that the command takes`, () => {
    assert(examples.length > 0);
    for (const example of examples) {
      const values = readFlags(options, split(example), { operands });
      // What is left out has its default or, in a study, comes from its file.
      const { error } = options.partial().safeParse(values);
      assertEquals(error, undefined, example);
    }
  });

  Deno.test(`${name} is a task of deno.json that may not ask for more than it was given`, () => {
    const { command } = config.tasks[name as keyof typeof config.tasks];
    assertMatch(command, new RegExp(` mod\\.ts ${name}$`));
    assertMatch(command, /^deno run --no-prompt /);
    assert(!/--allow-(all|net|ffi|import)/.test(command), command);
    // Which programs may be run is always said.
    assert(!/--allow-run(?!=)/.test(command), command);
  });
}
