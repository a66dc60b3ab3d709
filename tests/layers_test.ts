import { assertEquals } from "@std/assert";

/**
 * The rooms of `src/` and what each may import: the flow is data →
 * duplication → training → evaluation → result set, and no arrow points back.
 * `std` stands in for the outside and is open to all.
 */
const rooms: Record<string, string[]> = {
  std: [],
  core: [],
  // The experiment as data: what may be asked, and how people read it.
  spec: ["core"],
  ops: ["core"],
  wasm: ["core", "ops"],
  webgpu: ["core", "ops"],
  backend: ["core", "spec", "wasm", "webgpu"],
  data: ["core", "spec"],
  detection: ["core", "spec", "data"],
  duplication: ["core", "spec", "data"],
  models: ["core", "spec", "ops"],
  attacks: ["core", "spec", "ops"],
  train: ["core", "spec", "ops", "data", "models", "attacks"],
  // Records: what came of cells. They never import what runs cells.
  results: ["core", "spec"],
  compare: ["core", "spec", "results"],
  analysis: ["core", "spec", "results"],
  export: ["core", "spec", "results", "analysis"],
  gaussian: ["core", "analysis"],
  report: ["core", "spec", "results", "analysis"],
  // Where both meet: cells are run, and run again.
  cell: [
    "core",
    "spec",
    "backend",
    "data",
    "detection",
    "duplication",
    "models",
    "attacks",
    "train",
    "results",
  ],
  sweep: [
    "core",
    "spec",
    "backend",
    "data",
    "attacks",
    "train",
    "results",
    "cell",
  ],
  verify: [
    "core",
    "spec",
    "backend",
    "data",
    "attacks",
    "models",
    "train",
    "results",
    "gaussian",
    "report",
    "cell",
    "sweep",
  ],
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
