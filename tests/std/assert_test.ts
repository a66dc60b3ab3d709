import {
  assert,
  assertAlmostEquals,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertFalse,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  fail,
} from "@std/assert";
import node from "node:assert";

/** Checks the adapter with Node's own assertions, never with itself. */
function fails(fn: () => void, message?: RegExp): void {
  let thrown: unknown;
  try {
    fn();
  } catch (error) {
    thrown = error;
  }
  node.ok(thrown instanceof AssertionError, "an AssertionError was expected");
  if (message) node.match(thrown.message, message);
}

Deno.test("assert() and assertFalse() go by truthiness", () => {
  assert([]);
  assertFalse("");
  fails(() => assert(0, "no zero"), /^no zero$/);
  fails(() => assertFalse({}, "no object"), /^no object$/);
  fails(() => fail("why"), /why/);
});

const cyclic: { self?: unknown; zero: number } = { zero: 0 };
cyclic.self = cyclic;
const cyclicTwin: { self?: unknown; zero: number } = { zero: -0 };
cyclicTwin.self = cyclicTwin;

const pairs: [name: string, a: unknown, b: unknown, equal: boolean][] = [
  ["NaN and itself", NaN, NaN, true],
  ["zeros of either sign", 0, -0, true],
  ["nested zeros", { a: [0] }, { a: [-0] }, true],
  [
    "zeros in typed arrays",
    new Float32Array([0]),
    new Float32Array([-0]),
    true,
  ],
  ["zeros in maps", new Map([["a", 0]]), new Map([["a", -0]]), true],
  ["an object without prototype", Object.create(null), {}, true],
  ["cycles", cyclic, cyclicTwin, true],
  ["equal bytes", new Uint8Array([1, 2]), new Uint8Array([1, 2]), true],
  ["other bytes", new Uint8Array([1, 2]), new Uint8Array([1, 3]), false],
  ["other array types", new Uint8Array([1]), new Int8Array([1]), false],
  ["an undefined field and none", { a: undefined }, {}, false],
  ["number and text", 1, "1", false],
  ["null and undefined", null, undefined, false],
  ["array and object", [], {}, false],
  ["other sets", new Set([1]), new Set([2]), false],
  ["other classes", new Date(0), new Map(), false],
  ["other dates", new Date(0), new Date(1), false],
];
for (const [name, a, b, same] of pairs) {
  Deno.test(`assertEquals() ${same ? "holds" : "fails"} for ${name}`, () => {
    if (same) {
      assertEquals(a, b);
      fails(() => assertNotEquals(a, b));
    } else {
      assertNotEquals(a, b);
      fails(() => assertEquals(a, b, "as asked"), /as asked$/);
    }
  });
}

Deno.test("assertStrictEquals() asks for the same value", () => {
  const one = {};
  assertStrictEquals(one, one);
  assertStrictEquals(NaN, NaN);
  fails(() => assertStrictEquals({}, {}));
  fails(() => assertStrictEquals(0, -0));
});

Deno.test("assertExists() and assertInstanceOf() look at the value", () => {
  assertExists(0);
  assertInstanceOf(new RangeError(), Error);
  fails(() => assertExists(null));
  fails(() => assertExists(undefined));
  fails(() => assertInstanceOf({}, Error), /Error/);
});

Deno.test("assertAlmostEquals() is relative by default, absolute if told", () => {
  assertAlmostEquals(1e6 + 0.05, 1e6);
  assertAlmostEquals(Infinity, Infinity);
  assertAlmostEquals(0.01, 0.02, 0.1);
  fails(() => assertAlmostEquals(1e6 + 0.2, 1e6));
  fails(() => assertAlmostEquals(1e-8, 0));
  fails(() => assertAlmostEquals(NaN, 0, 1));
});

Deno.test("assertGreater() and its kin compare", () => {
  assertGreater(2, 1);
  assertGreaterOrEqual(2, 2);
  assertLess(1n, 2n);
  assertLessOrEqual("a", "a");
  fails(() => assertGreater(2, 2));
  fails(() => assertGreaterOrEqual(1, 2));
  fails(() => assertLess(2, 2));
  fails(() => assertLessOrEqual(NaN, 2));
});

Deno.test("assertMatch(), assertStringIncludes(), assertArrayIncludes() search", () => {
  assertMatch("ratio 0.5", /0\.5$/);
  assertStringIncludes("ratio", "at");
  assertArrayIncludes([{ a: 1 }, { a: 2 }], [{ a: 2 }]);
  fails(() => assertMatch("ratio", /^at/));
  fails(() => assertStringIncludes("ratio", "x"));
  fails(() => assertArrayIncludes([1, 2], [2, 3]), /3/);
});

Deno.test("assertThrows() returns the error and checks class and message", () => {
  const thrown = new RangeError("out of range");
  const raise = () => {
    throw thrown;
  };
  node.equal(assertThrows(raise), thrown);
  const error: RangeError = assertThrows(raise, RangeError, "of range");
  node.equal(error, thrown);
  fails(() => assertThrows(raise, TypeError), /TypeError/);
  fails(() => assertThrows(raise, RangeError, "into"), /into/);
  fails(() => assertThrows(() => {}, RangeError, "into", "told"), /: told$/);
  fails(() => assertThrows(() => {}, "told"), /: told$/);
});

Deno.test("assertRejects() asks for a rejected promise, not for a throw", async () => {
  const refuse = () => Promise.reject(new TypeError("no"));
  const error: TypeError = await assertRejects(refuse, TypeError, "no");
  node.equal(error.message, "no");
  await node.rejects(assertRejects(refuse, RangeError), AssertionError);
  await node.rejects(
    assertRejects(() => Promise.resolve(), Error, "no", "told"),
    (thrown: Error) =>
      thrown instanceof AssertionError && thrown.message.endsWith(": told"),
  );
  await node.rejects(
    assertRejects(() => {
      throw new TypeError("no");
    }),
    AssertionError,
  );
});
