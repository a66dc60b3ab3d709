/** The tool as users have it: installed from the tarball. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { photo, png, writeFiles } from "../cli/_photos.ts";
import { slowTest } from "../slow.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { type EquippedFolder, equipUser } from "./_engines.ts";

/** A study of two cells; by workers, to start those too. */
const study = "--ratios 0,1 --seeds 1 --attacks fgsm --jobs 2";

/** Its size; the backend "cpu" is slow. */
const sizes = {
  wasm: "--limit-train 100 --limit-test 50 --epochs 2",
  cpu: "--limit-train 10 --limit-test 10 --epochs 1",
};
type Backend = keyof typeof sizes;

const verified = /2 of 2 cells run again, equal bit for bit/;
const root = fromFileUrl(new URL("../../", import.meta.url));
const binOf = ({ path }: EquippedFolder) =>
  `${path}/node_modules/.bin/dupbench`;

/** Runs the study there; it is written into the file that is named. */
async function sweep(
  { path, run }: EquippedFolder,
  backend: Backend,
  { start, out }: { start: readonly [string, ...string[]]; out: string },
) {
  const [command, ...words] = start;
  await run(
    command,
    ...[...words, "sweep", ...`${study} ${sizes[backend]}`.split(" ")],
    ...["--backend", backend, "-o", out],
  );
  return JSON.parse(await Deno.readTextFile(`${path}/${out}`));
}

slowTest(
  "packages: npx sweeps and verifies where Node's programs are the only ones",
  () =>
    inFolder(async (programs) => {
      const folder = await equipUser();
      // PATH has these and no Deno.
      for (const name of ["node", "npx", "sh"]) {
        const { stdout } = await folder.run("sh", "-c", `command -v ${name}`);
        await Deno.symlink(
          await Deno.realPath(stdout.trim()),
          `${programs}/${name}`,
        );
      }
      const npx = [
        "env",
        `PATH=${programs}`,
        "npx",
        "--no",
        "dupbench",
      ] as const;
      const set = await sweep(folder, "wasm", { start: npx, out: "npx.json" });
      assertEquals(set.provenance.engine.name, "Node");
      const { stdout } = await folder.run(...npx, "verify", "npx.json");
      assertMatch(stdout, verified);
    }),
);

slowTest(
  "packages: dupbench gives one digest on Node 20.16 and 24, Bun and Deno, and verifies the sets of the others",
  async () => {
    const folder = await equipUser();
    const bin = binOf(folder);
    const { Node: _, ...engines } = folder.engines;
    for (const backend of Object.keys(sizes) as Backend[]) {
      const digests = new Map<string, string>();
      for (const [name, command] of Object.entries(engines)) {
        const out = `${backend}-${name.replace(" ", "-")}.json`;
        const start = [...command, bin] as [string, ...string[]];
        const set = await sweep(folder, backend, { start, out });
        const { engine } = set.provenance;
        assert(`${engine.name} ${engine.version}`.startsWith(name), engine);
        console.log(backend, engine.name, engine.version, set.digest);
        digests.set(name, set.digest);
      }
      assertEquals(new Set(digests.values()).size, 1, backend);
    }
    const checkout = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["task", "verify", `${folder.path}/wasm-Node-20.16.json`],
        `${folder.path}/wasm-Bun.json`,
      ],
      cwd: root,
    }).output();
    assert(checkout.success, new TextDecoder().decode(checkout.stderr));
    const [node] = folder.engines["Node 20.16"]!;
    const { stdout } = await folder.run(node, bin, "verify", "wasm-Deno.json");
    assertMatch(stdout, verified);
  },
);

/** Calls of the other commands, on what the study of `sweep` comes to. */
const calls = [
  "analyse SET -o analysis",
  "backends",
  "compare SET SET -o comparison",
  "completions bash",
  "data",
  "duplicates",
  "export SET --format croissant --author Me --url https://example.org/set -o set-croissant.json",
  "export SET --format csv -o csv",
  "export SET --format parquet -o set.parquet",
  "export SET --format ro-crate -o crate",
  "gaussian --points 20 --seeds 1,2 -o gaussian.json",
  "merge SET -o merged.json",
  "page SET -o page.html",
  "report SET -o report",
  "step-time --runs 2 --batch 8",
  "studies",
  "study photos --repeats 2 --epochs 1 --width 0.1 -o study.json",
];

/** Photographs of two classes, for training and testing, with a duplicate. */
function photographs(): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {
    "train/cat/copy.png": png(photo(0)),
  };
  for (let row = 0; row < 72; row++) {
    const split = row < 48 ? "train" : "test";
    const label = row % 2 === 0 ? "cat" : "dog";
    files[`${split}/${label}/${row}.png`] = png(photo(row));
  }
  return files;
}

slowTest(
  "packages: every command runs on Node 20.16, and so does the library",
  async () => {
    const folder = await equipUser();
    const bin = binOf(folder);
    const [node] = folder.engines["Node 20.16"]!;
    const out = "oldest.json";
    await sweep(folder, "wasm", { start: [node, bin], out });
    await writeFiles(`${folder.path}/photos`, photographs());
    const { stdout } = await folder.run(node, bin, "--help");
    const commands = [...stdout.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map((
      [, name],
    ) => name!);
    const called = new Set(calls.map((call) => call.split(" ")[0]!));
    assertEquals(
      commands.filter((name) => !called.has(name)),
      ["sweep", "verify"],
    );
    for (const call of calls) {
      const words = call.replaceAll("SET", out).split(" ");
      await folder.run(node, bin, ...words);
    }
    await folder.run(node, "use_library.mjs", out);
  },
);

/** How TypeScript checks the user's program, strictly. */
const tsc = [
  "--noEmit --strict --target es2024 --module nodenext",
  "--lib es2024,dom,dom.iterable,dom.asynciterable,esnext use_types.mts",
].join(" ").split(" ");

slowTest(
  "packages: types of the library are those of its modules, and its declarations have no fault",
  async () => {
    const { path, run } = await equipUser();
    const program = `${path}/node_modules/typescript/bin/tsc`;
    await run("node", program, "--skipLibCheck", ...tsc);
    // The declarations of TensorFlow.js have faults of their own.
    const { stdout } = await new Deno.Command("node", {
      args: [program, ...tsc],
      cwd: path,
    }).output();
    const lines = new TextDecoder().decode(stdout).split("\n");
    assert(lines.some((line) => line.includes("@tensorflow/tfjs-core")));
    assertEquals(
      lines.filter((line) => line.startsWith("node_modules/dupbench/")),
      [],
    );
  },
);
