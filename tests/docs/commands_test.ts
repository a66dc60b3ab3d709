import { assert, assertEquals } from "@std/assert";
import { commands } from "../../src/cli/commands.ts";
import { readFlags } from "../../src/cli/read_flags.ts";
import { pages, read } from "./_pages.ts";

/** A call of a command that a page shows. */
interface Call {
  page: string;
  name: string;
  words: string[];
}

/** Words as a shell takes them, of quotes the double ones. */
const split = (line: string) =>
  (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));

/** The calls in a page's shell blocks; those with a `PLACEHOLDER` are left out. */
function callsOf(page: string, text: string): Call[] {
  const blocks = text.matchAll(/^```sh\n([^]*?)^```/gm);
  return [...blocks].flatMap(([, block]) =>
    block!.replaceAll("\\\n", " ").split("\n").flatMap((line) => {
      const [, name, rest] =
        /^(?:npx -y deno@[\d.]+|deno) task ([\w:-]+)(.*?)(?:\s+>\s+\S+)?(?:\s+#.*)?$/
          .exec(
            line,
          ) ??
          [];
      if (
        name === undefined || /…|\b[A-Z]{4,}|\w\|\w|\[options\]/.test(rest!)
      ) {
        return [];
      }
      return [{ page, name, words: split(rest!) }];
    })
  );
}

Deno.test("documentation: every call that a page shows is one that its command takes", async () => {
  const calls = (await Promise.all(
    pages.map(async (page) => callsOf(page, await read(page))),
  )).flat();
  let checked = 0;
  for (const { page, name, words } of calls) {
    const entry = commands.find((entry) => entry.name === name);
    // Tasks that are no command take no words of ours.
    if (entry === undefined) continue;
    const { options, operands } = await entry.load();
    const values = readFlags(options, words, { operands });
    const { error } = options.partial().safeParse(values);
    assertEquals(error, undefined, `${page}: ${name} ${words.join(" ")}`);
    checked++;
  }
  assert(checked > 30, `only ${checked} calls were found`);
});
