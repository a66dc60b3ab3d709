import { assert, assertEquals, assertMatch } from "@std/assert";
import { commands } from "../../src/cli/commands.ts";
import { readFlags } from "../../src/cli/read_flags.ts";
import config from "../../deno.json" with { type: "json" };

/** Words as a shell takes them, of quotes the double ones. */
const split = (line: string) =>
  (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));

for (const { name, summary, load } of commands) {
  Deno.test(`${name} --help has examples that the command takes`, async () => {
    const { options, operands, examples } = await load();
    assert(examples.length > 0);
    for (const example of examples) {
      const values = readFlags(options, split(example), { operands });
      // What is left out has its default or, in a study, comes from its file.
      const { error } = options.partial().safeParse(values);
      assertEquals(error, undefined, example);
    }
  });

  Deno.test(`${name} is a task of deno.json that may not ask for more than it was given`, () => {
    const { command, description } =
      config.tasks[name as keyof typeof config.tasks];
    assertEquals(description, summary);
    assertMatch(command, /^deno run --lock=deno\.lock --no-prompt /);
    assert(!/--allow-(all|net|ffi|import|write)/.test(command), command);
    // The launcher may start its child by whatever path Deno has, and loads no
    // package; what the child may do is in launch_test.ts.
    const launched = ` --allow-run src/cli/launch.ts -C "$INIT_CWD" ${name}`;
    if (command.endsWith(launched)) return;
    assert(
      command.endsWith(` src/cli/entry.ts -C "$INIT_CWD" ${name}`),
      command,
    );
    assert(!/--allow-run/.test(command), command);
  });
}
