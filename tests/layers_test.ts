import { assertEquals } from "@std/assert";

/**
 * The rooms of `src/` and what each may import: the flow is data →
 * duplication → training → evaluation → result set, and no arrow points back.
 * `std` stands in for the outside and is open to all.
 */
const rooms: Record<string, string[]> = {
  std: [],
  core: [],
  kernels: ["core"],
  backend: ["core", "kernels"],
  data: ["core"],
  detection: ["core", "data"],
  duplication: ["core", "data"],
  models: ["core", "kernels"],
  attacks: ["core", "kernels"],
  train: ["core", "kernels", "data", "models", "attacks"],
  eval: ["core", "data", "models", "attacks"],
  // What to run: of the rooms that do it, it knows only the names.
  study: [
    "core",
    "backend",
    "data",
    "detection",
    "duplication",
    "models",
    "attacks",
    "train",
  ],
  results: ["core", "study"],
  compare: ["core", "eval", "study", "results"],
  analysis: ["core", "duplication", "eval", "study", "results"],
  export: ["core", "analysis", "eval", "study", "results"],
  gaussian: ["core", "analysis"],
  sweep: [
    "core",
    "backend",
    "data",
    "detection",
    "duplication",
    "models",
    "attacks",
    "train",
    "eval",
    "study",
    "results",
  ],
  verify: [
    "core",
    "backend",
    "data",
    "eval",
    "study",
    "results",
    "gaussian",
    "sweep",
  ],
  report: ["core", "analysis", "study", "results", "sweep"],
};

interface ModuleInfo {
  specifier: string;
  dependencies?: { code?: { specifier?: string } }[];
}

const root = new URL("../", import.meta.url).href;

/** The room of a module: the folder below `src/`; other files have none. */
function roomOf(specifier: string): string | undefined {
  return specifier.startsWith(`${root}src/`)
    ? specifier.slice(`${root}src/`.length).split("/")[0]
    : undefined;
}

Deno.test("src/ every import follows the direction of the rooms", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", new URL("../mod.ts", import.meta.url).pathname],
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: ModuleInfo[];
  };
  const arrows = new Set<string>();
  for (const { specifier, dependencies = [] } of modules) {
    const from = roomOf(specifier);
    for (const { code } of dependencies) {
      const to = roomOf(code?.specifier ?? "");
      if (from !== undefined && to !== undefined && from !== to) {
        arrows.add(`${from} -> ${to}`);
      }
    }
  }
  assertEquals(arrows.size > 20, true, "the graph was read");
  const wrong = [...arrows].filter((arrow) => {
    const [from, to] = arrow.split(" -> ") as [string, string];
    return from !== "cli" && to !== "std" && !rooms[from]?.includes(to);
  });
  assertEquals(wrong, []);
});
