import { assert, assertEquals } from "@std/assert";
import { dirname } from "node:path";
import { buildPackage } from "../../packages/build_package.ts";
import { packages } from "../../packages/packages.ts";
import { packTarball } from "../../packages/pack_tarball.ts";
import { slowTest } from "../slow.ts";

const kernels = packages["@dupbench/wasm-training"]!;
const tool = packages["dupbench"]!;
const [built, again, whole] = await Promise.all(
  [kernels, kernels, tool].map(buildPackage),
);

/** Texts of the files of a package with an ending, by path. */
function textsOf(
  files: NonNullable<typeof built>,
  ending: string,
): Map<string, string> {
  return new Map(
    [...files].filter(([path]) => path.endsWith(ending))
      .map(([path, { bytes }]) => [path, new TextDecoder().decode(bytes)]),
  );
}

Deno.test("packTarball() gives the same bytes for two builds, fewer than 60 kB for the kernels", () => {
  const tarball = packTarball(built!);
  assertEquals(tarball, packTarball(again!));
  assert(tarball.length < 60_000, `${tarball.length} bytes`);
});

Deno.test("packTarball() writes what tar reads", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/a.tgz`, packTarball(whole!));
    const { success } = await new Deno.Command("tar", {
      args: ["xzf", "a.tgz"],
      cwd: folder,
    }).output();
    assert(success);
    for (const [path, { bytes, isProgram }] of whole!) {
      const file = `${folder}/package/${path}`;
      assertEquals(await Deno.readFile(file), bytes, path);
      const { mode } = await Deno.stat(file);
      assertEquals((mode! & 0o100) !== 0, isProgram === true, path);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("@dupbench/wasm-training loads its peers alone, and nothing of Node", () => {
  const loaded = new Set<string>();
  for (const [path, text] of textsOf(built!, ".js")) {
    for (const [, specifier] of text.matchAll(/\b(?:from|import) "([^"]+)"/g)) {
      if (specifier!.startsWith(".")) {
        const target = new URL(specifier!, `file:///${path}`).pathname.slice(1);
        assert(built!.has(target), `${path} imports ${specifier}`);
      } else loaded.add(specifier!);
    }
  }
  const manifest = JSON.parse(
    textsOf(built!, "package.json").get(
      "package.json",
    )!,
  );
  assertEquals(
    [...loaded].sort(),
    Object.keys(manifest.peerDependencies).sort(),
  );
  assertEquals(manifest.dependencies, undefined);
});

Deno.test("@dupbench/wasm-training names its binary once, in the form that bundlers know", () => {
  const texts = [...textsOf(built!, ".js").values()].join("\n");
  assertEquals(
    texts.match(/new URL\([^)]*\)/g),
    ['new URL("./kernels.wasm", import.meta.url)'],
  );
  assert(built!.has("wasm/kernels.wasm"));
});

Deno.test("nothing in the tool uses Deno but src/core/runtime", () => {
  const users = [...textsOf(whole!, ".js")].filter(([, text]) =>
    /\bDeno\.\w/.test(text.replace(/"[^"\n]*"|`[^`]*`/g, ""))
  );
  assert(users.length > 0, "the search finds it");
  assertEquals(
    users.map(([path]) => path).filter((path) =>
      !path.startsWith("src/core/runtime/")
    ),
    [],
  );
});

for (const [name, files] of [["kernels", built!], ["tool", whole!]] as const) {
  Deno.test(`every import in the package of the ${name} is in it or a package that it names`, () => {
    const manifest = JSON.parse(
      textsOf(files, "package.json").get("package.json")!,
    );
    const named = Object.keys({
      ...manifest.dependencies,
      ...manifest.peerDependencies,
      // Types of the platform.
      "@webgpu/types": "",
      [manifest.name]: "",
    });
    for (const ending of [".js", ".d.ts"]) {
      for (const [path, text] of textsOf(files, ending)) {
        const specifiers = text
          .replace(/\/\*[^]*?\*\//g, "")
          .matchAll(
            /^(?:import|export|\}).*? from "([^"]+)"|import\("([^"]+)"/gm,
          );
        for (const [, one, other] of specifiers) {
          const specifier = (one ?? other)!;
          if (specifier.startsWith("node:")) continue;
          if (specifier.startsWith(".")) {
            const target = new URL(specifier, `file:///${path}`).pathname
              .slice(1);
            const file = ending === ".js"
              ? target
              : target.replace(/\.js$/, ".d.ts");
            assert(files.has(file), `${path} imports ${specifier}`);
          } else {
            assert(
              named.some((own) =>
                specifier === own || specifier.startsWith(`${own}/`)
              ),
              `${path} imports ${specifier}`,
            );
          }
        }
      }
    }
    for (const { default: path, types } of modulesOf(manifest)) {
      assert(files.has(path.slice(2)) && files.has(types.slice(2)), path);
    }
  });
}

/** The modules that a manifest exports. */
function modulesOf(
  { exports }: { exports: Record<string, unknown> },
): { default: string; types: string }[] {
  return Object.values(exports).filter((target) =>
    typeof target === "object"
  ) as { default: string; types: string }[];
}

slowTest(
  "packages: Node prints a long text whole into a pipe, also if it ends at once",
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      for (const [path, text] of textsOf(whole!, ".js")) {
        if (!path.startsWith("src/core/")) continue;
        const file = `${folder}/${path}`;
        await Deno.mkdir(dirname(file), { recursive: true });
        await Deno.writeTextFile(file, text);
      }
      await Deno.writeTextFile(`${folder}/package.json`, '{"type":"module"}');
      await Deno.writeTextFile(
        `${folder}/print.js`,
        `import { printLine } from "./src/core/runtime/standard_streams.js";
printLine(1, "x".repeat(1e6));
printLine(2, "x".repeat(1e6));
process.exit();
`,
      );
      const { stdout } = await new Deno.Command("sh", {
        args: ["-c", "node print.js 2>&1 | (sleep 1; wc -c)"],
        cwd: folder,
      }).output();
      assertEquals(new TextDecoder().decode(stdout).trim(), "2000002");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
