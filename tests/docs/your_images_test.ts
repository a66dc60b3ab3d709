import { assert, assertEquals } from "@std/assert";
import { slowTest } from "../slow.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { read, root } from "./_pages.ts";

/** A command that the page shows, and the lines that it says are printed. */
interface Step {
  command: string;
  lines: string[];
}

async function readSteps(): Promise<Step[]> {
  const page = await read("docs/your_images.md");
  return [
    ...page.matchAll(/^```sh\n([^]*?)\n```(?:\n+```text\n([^]*?)\n```)?/gm),
  ]
    .map(([, command, text = ""]) => ({
      command: command!,
      lines: text.split("\n").filter((line) => line !== "" && line !== "…"),
    }));
}

slowTest(
  "docs/your_images.md: its commands print what it says, find what was planted, with its path, leave a clean set, and answer what the duplicates do",
  () =>
    inFolder(async (folder) => {
      const steps = await readSteps();
      assertEquals(steps.length, 8);
      for (const { command, lines } of steps) {
        // The tasks of this checkout, called from the folder of the images.
        const { code, stdout, stderr } = await new Deno.Command("bash", {
          args: [
            "-ec",
            command.replace(
              /^deno task /,
              `"${Deno.execPath()}" task --quiet --config "${root}deno.json" `,
            ),
          ],
          cwd: folder,
          env: { NO_COLOR: "1" },
        }).output();
        const printed = new TextDecoder().decode(stdout) +
          new TextDecoder().decode(stderr);
        assertEquals(code, 0, printed);
        const all = printed.split("\n");
        for (const line of lines) {
          // Of a line with "…" in it, what stands before.
          const [start] = line.split("…") as [string];
          assert(
            all.some((one) =>
              line === start ? one.endsWith(line) : one.startsWith(start)
            ),
            `${command}\nprints "${line}"? It printed\n${printed}`,
          );
        }
      }
      await checkFound(folder);
    }),
);

/**
 * Every planted copy is in the list of files to remove: with its original, of which
 * one is kept for the other, or both, where their labels disagree.
 */
async function checkFound(folder: string): Promise<void> {
  const readCsv = async (path: string) =>
    (await Deno.readTextFile(`${folder}/${path}`)).trimEnd().split("\r\n")
      .slice(1).map((line) => line.split(","));
  const keptFor = new Map(
    (await readCsv("remove.csv")).map(([path, kept]) => [
      `photos/${path}`,
      kept === "" ? "" : `photos/${kept}`,
    ]),
  );
  const missed: Record<string, number> = {};
  let checked = 0;
  for (
    const [kind, original, copy, , conflict] of await readCsv(
      "my-images/planted.csv",
    )
  ) {
    if (copy!.startsWith("new/")) continue;
    checked++;
    const isFound = conflict === "true"
      ? keptFor.get(copy!) === "" && keptFor.get(original!) === ""
      : keptFor.get(copy!) === original || keptFor.get(original!) === copy;
    if (!isFound) missed[kind!] = (missed[kind!] ?? 0) + 1;
  }
  assertEquals(checked, 168);
  assertEquals(missed, { shift: 1 }, "as the page says");
}
