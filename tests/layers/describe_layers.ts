import { listArrows, reduceArrows } from "./layer_arrows.ts";
import { type Layer, layers, type Side, sides } from "./layers.ts";
import { listSources, readImports } from "./read_imports.ts";

/** The lines between which CONTRIBUTING.md has the layers. */
const markers = [
  "<!-- layers: written by `deno task diagram` -->",
  "<!-- /layers -->",
] as const;

const contributing = new URL("../../CONTRIBUTING.md", import.meta.url);

/** Every file that the layers are about: all of `src/` and the entry points. */
export function listFiles(): string[] {
  const entries = layers.map(({ name }) => name)
    .filter((name) => name.endsWith(".ts"));
  return [...listSources("src/"), ...entries];
}

/**
 * The layers as a diagram (Mermaid, which code hosts draw) of the arrows that
 * the imports have now, and as a table of what lives where.
 */
export async function describeLayers(): Promise<string> {
  const names = layers.map(({ name }) => name);
  const arrows = listArrows(await readImports(listFiles()), names);
  const lines = ["```mermaid", "flowchart TD"];
  const present = (Object.keys(sides) as Side[]).reverse();
  for (const side of present) {
    lines.push(`  subgraph ${side}["${sides[side]}"]`);
    for (const { name } of membersOf(side)) {
      lines.push(`    ${idOf(name)}["${name}"]`);
    }
    lines.push("  end");
  }
  for (const { from, to } of reduceArrows(arrows)) {
    lines.push(`  ${idOf(from)} --> ${idOf(to)}`);
  }
  lines.push("```", "");
  lines.push(
    "An arrow means that a file of the upper layer imports one of the lower;",
    "arrows that follow from others are left out.",
    "",
    "| layer | content |",
    "| --- | --- |",
  );
  for (const side of present.reverse()) {
    lines.push(`| **${sides[side]}** | |`);
    for (const { name, about } of membersOf(side)) {
      lines.push(`| \`${pathOf(name)}\` | ${about} |`);
    }
  }
  return lines.join("\n");
}

/** The page with its layers, as it should be. */
export async function writeContributing(): Promise<
  { now: string; due: string }
> {
  const now = await Deno.readTextFile(contributing);
  const [head, rest] = cut(now, markers[0]);
  const [, tail] = cut(rest, markers[1]);
  const due = await format(
    `${head}${markers[0]}\n\n${await describeLayers()}\n\n${markers[1]}${tail}`,
  );
  return { now, due };
}

function membersOf(side: Side): readonly Layer[] {
  return layers.filter((layer) => layer.side === side);
}

/** Mermaid takes no punctuation in the names of nodes. */
function idOf(name: string): string {
  return name.replace(/\W/g, "_") + "_";
}

function pathOf(name: string): string {
  return name.endsWith(".ts") ? name : `src/${name}`;
}

function cut(text: string, marker: string): [string, string] {
  const at = text.indexOf(marker);
  if (at < 0) throw new Error(`CONTRIBUTING.md lacks the line "${marker}"`);
  return [text.slice(0, at), text.slice(at + marker.length)];
}

/** As `deno fmt` has Markdown. */
async function format(text: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext=md", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error("deno fmt does not take CONTRIBUTING.md");
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) {
  const { now, due } = await writeContributing();
  if (!Deno.args.includes("--check")) {
    await Deno.writeTextFile(contributing, due);
  } else if (now !== due) {
    console.error("CONTRIBUTING.md is out of date: run deno task diagram");
    Deno.exit(1);
  }
}
