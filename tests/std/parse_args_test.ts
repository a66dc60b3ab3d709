import { assertEquals, assertStrictEquals } from "@std/assert";
import { parseArgs, type ParseOptions } from "@std/cli/parse-args";

// What std's own parser gives for these, from its documentation and source.
const cases: [
  name: string,
  args: string,
  options: ParseOptions,
  expected: Record<string, unknown>,
][] = [
  ["takes the next argument as value", "--a b c", {}, { a: "b", _: ["c"] }],
  ["takes the value after =", "--a=b=c", {}, { a: "b=c", _: [] }],
  ["makes a lone flag true", "--a --b", {}, { a: true, b: true, _: [] }],
  ["reads numbers", "--a 1e-3 0x10 2b", {}, { a: 1e-3, _: [16, "2b"] }],
  ["keeps text of string flags", "--a 01", { string: "a" }, { a: "01", _: [] }],
  ["keeps text of arguments", "01", { string: ["_"] }, { _: ["01"] }],
  ["gives an empty string", "--a --b 1", { string: ["a", "b"] }, {
    a: "",
    b: "1",
    _: [],
  }],
  ["leaves absent strings out", "", { string: "a" }, { _: [] }],
  ["takes no value for booleans", "--a b", { boolean: "a" }, {
    a: true,
    _: ["b"],
  }],
  ["reads spelt-out booleans", "--a false --b=false", { boolean: ["a", "b"] }, {
    a: false,
    b: false,
    _: [],
  }],
  ["makes absent booleans false", "", { boolean: "a" }, { a: false, _: [] }],
  ["makes every flag boolean", "--a b --c=d", { boolean: true }, {
    a: true,
    c: "d",
    _: ["b"],
  }],
  ["keeps the last of repeated flags", "--a 1 --a 2", {}, { a: 2, _: [] }],
  ["collects", "--a 1 --a 2", { string: "a", collect: "a" }, {
    a: ["1", "2"],
    _: [],
  }],
  ["collects nothing", "", { string: "a", collect: "a" }, { a: [], _: [] }],
  ["negates", "--no-a --no-b", { negatable: "a" }, {
    a: false,
    "no-b": true,
    _: [],
  }],
  ["fills in defaults", "--a 1", { default: { a: 0, b: 2 } }, {
    a: 1,
    b: 2,
    _: [],
  }],
  ["knows other names", "-h", { boolean: "help", alias: { help: "h" } }, {
    h: true,
    help: true,
    _: [],
  }],
  ["collects under every name", "--o a -i b", {
    string: "o",
    collect: "o",
    alias: { o: ["i"] },
  }, { o: ["a", "b"], i: ["a", "b"], _: [] }],
  ["reads groups of letters", "-ab c", {}, { a: true, b: "c", _: [] }],
  ["reads glued values", "-n5 -o=f", {}, { n: 5, o: "f", _: [] }],
  ["does not take a flag as value", "--a -5", {}, { a: true, 5: true, _: [] }],
  ["leaves what follows --", "--a -- --b 1", {}, { a: true, _: ["--b", "1"] }],
  ["keeps apart what follows --", "x -- 1", { "--": true }, {
    _: ["x"],
    "--": ["1"],
  }],
  ["stops early", "--a 1 b --c 2 -- d", { stopEarly: true }, {
    a: 1,
    _: ["b", "--c", "2", "d"],
  }],
];
for (const [name, args, options, expected] of cases) {
  Deno.test(`parseArgs() ${name}`, () => {
    const words = args.split(" ").filter(Boolean);
    assertEquals<unknown>(parseArgs(words, options), expected);
  });
}

Deno.test("parseArgs() reports what it does not know and drops it if told", () => {
  const seen: unknown[][] = [];
  const args = parseArgs(["--a", "1", "--b=2", "--c", "d"], {
    string: "a",
    unknown(...call) {
      seen.push(call);
      return call[1] !== "b";
    },
  });
  assertEquals(seen, [["--b=2", "b", "2"], ["--c", "c", "d"]]);
  assertEquals<unknown>(args, { a: "1", c: "d", _: [] });
  assertEquals(parseArgs(["e"], { unknown: () => false }), { _: [] });
});

Deno.test("parseArgs() types named flags", () => {
  const args = parseArgs(["--out", "x", "--seeds=1"], {
    boolean: ["quiet"],
    string: ["out", "study", "seeds"],
    collect: ["seeds"],
    default: { study: "quick" },
  });
  const quiet: boolean = args.quiet;
  const out: string | undefined = args.out;
  const study: string = args.study;
  const seeds: string[] = args.seeds;
  assertEquals([quiet, out, study, seeds], [false, "x", "quick", ["1"]]);
});

Deno.test("parseArgs() cannot be made to change a prototype", () => {
  const args = parseArgs(["--__proto__", "1", "--constructor=2"]);
  assertStrictEquals(Object.getPrototypeOf(args), Object.prototype);
  assertStrictEquals(args.constructor, 2);
});
