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

interface Found {
  groups: {
    place: string;
    labelsDisagree: boolean;
    images: { path: string; label: string }[];
  }[];
}

slowTest(
  "docs/your_images.md: its commands print what it says, find what was planted, with its path, and leave a clean set",
  () =>
    inFolder(async (folder) => {
      const steps = await readSteps();
      assertEquals(steps.length, 7);
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

/** Every planted copy in a group with its original, as planted. */
async function checkFound(folder: string): Promise<void> {
  const { groups }: Found = JSON.parse(
    await Deno.readTextFile(`${folder}/found.json`),
  );
  const groupOf = new Map<string, Found["groups"][number]>(
    groups.flatMap((group) =>
      group.images.map(({ path }) => [`photos/${path}`, group] as const)
    ),
  );
  const [, ...planted] =
    (await Deno.readTextFile(`${folder}/my-images/planted.csv`)).trimEnd()
      .split("\r\n").map((line) => line.split(","));
  const missed: Record<string, number> = {};
  let checked = 0;
  for (const [kind, original, copy, leak, conflict] of planted) {
    if (copy!.startsWith("new/")) continue;
    checked++;
    const group = groupOf.get(copy!);
    if (group === undefined || group !== groupOf.get(original!)) {
      missed[kind!] = (missed[kind!] ?? 0) + 1;
      continue;
    }
    assertEquals(group.place === "across", leak === "true", copy);
    assertEquals(group.labelsDisagree, conflict === "true", copy);
  }
  assertEquals(checked, 168);
  assertEquals(missed, { shift: 1 }, "as the page says");
  // Leaks and labels that disagree come first.
  const urgency = groups.map(({ place, labelsDisagree }) =>
    2 * Number(place === "across") + Number(labelsDisagree)
  );
  assertEquals(urgency, urgency.toSorted((a, b) => b - a));
}
