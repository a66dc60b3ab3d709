/**
 * Node 20 has the built-ins of ECMAScript 2023 and few later ones. The compiler
 * with that library tells which later ones the packages use; each must be one
 * that Node 20 has or that `src/core/complete_builtins.ts` adds.
 */
import { assertEquals } from "@std/assert";
import ts from "npm:typescript@6.0.3";
import { followImports, root } from "../../packages/follow_imports.ts";
import { packages } from "../../packages/packages.ts";
import { fromFileUrl } from "../sweep/paths.ts";

const completion = "src/core/complete_builtins.ts";

/** Later than ECMAScript 2023, but in Node 20 (V8 11.3). */
const inNode20 = ["isWellFormed"];

/** A use of a built-in that is later than ECMAScript 2023. */
interface Use {
  path: string;
  name: string;
}

/** Types of the language whose methods grew, in the compiler's messages. */
const grown = /on type '(?:\w*Iterator|Iterator\w*|Generator|\w*Set|\w*Map)</;

/** The project's folder. */
const folder = fromFileUrl(root);

/** Finds the uses of later built-ins in modules and what they import. */
function findLaterBuiltins(paths: string[]): Use[] {
  const program = ts.createProgram(paths, {
    target: ts.ScriptTarget.ES2023,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    strict: true,
    noEmit: true,
    types: [],
  });
  return ts.getPreEmitDiagnostics(program).flatMap((found) => {
    const text = ts.flattenDiagnosticMessageText(found.messageText, " ");
    // Packages are not resolved, which gives other messages.
    const isLater = /change your target library/.test(text) || grown.test(text);
    if (!isLater) return [];
    const [, name = text] =
      /^(?:Property|Cannot find name) '(\w+)'/.exec(text) ??
        [];
    return [{ path: found.file!.fileName.replace(folder, ""), name }];
  });
}

const { exports, programs } = packages["dupbench"]!;
const entries = [
  ...Object.values(exports).map((path) => path.slice(2)),
  ...programs!,
];
const sample = "tests/packages/_later_builtins.ts";
let found: Use[] | undefined;

/** The uses in the packages and in the sample; found once, as it takes seconds. */
const findAll = () =>
  found ??= findLaterBuiltins(
    [...entries, sample].map((path) => folder + path),
  );

const usesInPackages = () => findAll().filter(({ path }) => path !== sample);

Deno.test("the packages use no built-in that Node 20 lacks, but for those that are added there", () => {
  const uses = usesInPackages();
  const added = uses.filter(({ path }) => path === completion)
    .map(({ name }) => name);
  assertEquals([...new Set(added)].sort(), ["groupBy", "withResolvers"]);
  const allowed = [...inNode20, ...added];
  assertEquals(uses.filter(({ name }) => !allowed.includes(name)), []);
});

Deno.test("every entry of the packages that reaches an added built-in adds it", async () => {
  const users = new Set(
    usesInPackages().filter(({ name }) => !inNode20.includes(name))
      .map(({ path }) => path),
  );
  assertEquals(users.size > 10, true);
  for (const entry of entries) {
    const { files } = await followImports([entry], ({ text }) => text);
    const needsThem = [...files.keys()].some((path) => users.has(path));
    assertEquals(needsThem && !files.has(completion), false, entry);
  }
});

Deno.test("later built-ins are found where they are used", () =>
  assertEquals(
    findAll().filter(({ path }) => path === sample).map(({ name }) => name),
    ["map", "union", "groupBy", "take"],
  ));
