/**
 * The part of `@std/assert` 1.x that this project uses, with its signatures
 * and behaviour, for networks that do not reach JSR: a thin adapter over
 * `node:assert`. The import map decides which of the two the tests get, and it
 * maps one name to one file, hence the length of this one.
 *
 * @module
 */
import node from "node:assert";
import { inspect } from "node:util";
import { equal } from "./_equal.ts";

/** What every assertion of this module throws when it does not hold. */
export class AssertionError extends Error {
  /** Tells it from other errors in a printed trace. */
  override name = "AssertionError";
}

/** Any class, abstract ones included. */
// deno-lint-ignore no-explicit-any
export type AnyConstructor = abstract new (...args: any[]) => any;

/** A class of errors whose instances are `E`. */
// deno-lint-ignore no-explicit-any
export type ErrorConstructor<E> = abstract new (...args: any[]) => E;

/** Every value that counts as false. */
export type Falsy = false | 0 | 0n | "" | null | undefined;

/** Fails without a condition. */
export function fail(msg?: string): never {
  throw new AssertionError(because("Failed assertion", msg));
}

/** Asserts that a value counts as true. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/** Asserts that a value counts as false. */
export function assertFalse(expr: unknown, msg = ""): asserts expr is Falsy {
  if (expr) throw new AssertionError(msg);
}

/** Asserts deep equality; `-0` equals `+0`, and `NaN` equals itself. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(
    because(
      messageOf(() => node.deepStrictEqual(actual, expected)),
      msg,
    ),
  );
}

/** Asserts that two values are not deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  check(
    !equal(actual, expected),
    () => `Expected values to differ: both are ${show(actual)}`,
    msg,
  );
}

/** Asserts that two values are one and the same (`Object.is`). */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  throw new AssertionError(
    because(messageOf(() => node.strictEqual(actual, expected)), msg),
  );
}

/** Asserts that a value is neither null nor undefined. */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  check(
    actual !== undefined && actual !== null,
    () => `Expected a value: got ${actual}`,
    msg,
  );
}

/** Asserts that a value is an instance of a class. */
export function assertInstanceOf<T extends AnyConstructor>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  check(
    actual instanceof expectedType,
    () => `Expected an instance of ${expectedType.name}: got ${show(actual)}`,
    msg,
  );
}

/**
 * Asserts that two numbers are close.
 *
 * @param tolerance The largest absolute difference; by default 1e-7 of
 * `|expected|`, or 1e-7 where `expected` is not finite.
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const most = tolerance ??
    (Number.isFinite(expected) ? Math.abs(expected) * 1e-7 : 1e-7);
  const delta = Math.abs(expected - actual);
  check(
    delta <= most,
    () => `Expected ${actual} within ${most} of ${expected}: off by ${delta}`,
    msg,
  );
}

/** Asserts `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  check(
    actual > expected,
    () => `Expected ${show(actual)} > ${show(expected)}`,
    msg,
  );
}

/** Asserts `actual >= expected`. */
export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  check(
    actual >= expected,
    () => `Expected ${show(actual)} >= ${show(expected)}`,
    msg,
  );
}

/** Asserts `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  check(
    actual < expected,
    () => `Expected ${show(actual)} < ${show(expected)}`,
    msg,
  );
}

/** Asserts `actual <= expected`. */
export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  check(
    actual <= expected,
    () => `Expected ${show(actual)} <= ${show(expected)}`,
    msg,
  );
}

/** Asserts that a text matches a regular expression. */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  check(
    expected.test(actual),
    () => `Expected ${show(actual)} to match ${expected}`,
    msg,
  );
}

/** Asserts that a text holds another. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  check(
    actual.includes(expected),
    () => `Expected ${show(actual)} to include ${show(expected)}`,
    msg,
  );
}

/** Asserts that each expected element deeply equals one of the actual ones. */
export function assertArrayIncludes<T>(
  actual: ArrayLike<T>,
  expected: ArrayLike<T>,
  msg?: string,
): void {
  const held = Array.from(actual);
  const missing = Array.from(expected).filter((want) =>
    !held.some((have) => equal(want, have))
  );
  check(
    missing.length === 0,
    () => `Expected ${show(actual)} to include ${show(missing)}`,
    msg,
  );
}

/** Asserts that a function throws, and returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Asserts the class, and a part of the message, of what a function throws. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorConstructor<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  ...want: Want
): unknown {
  try {
    fn();
  } catch (error) {
    return checkError(error, want);
  }
  throw new AssertionError(
    because("Expected function to throw", ownMessage(want)),
  );
}

/** Asserts that a promise rejects, and returns the reason. */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/** Asserts the class, and a part of the message, of why a promise rejects. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorConstructor<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  ...want: Want
): Promise<unknown> {
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch (error) {
    throw new AssertionError(
      `Expected function to reject: it threw ${show(error)}`,
    );
  }
  check(
    typeof promise?.then === "function",
    () => "Expected function to return a promise",
  );
  try {
    await promise;
  } catch (error) {
    return checkError(error, want);
  }
  throw new AssertionError(
    because("Expected function to reject", ownMessage(want)),
  );
}

/** The arguments of `assertThrows` and `assertRejects` after the function. */
type Want = [
  first?: string | ErrorConstructor<Error>,
  ...(string | undefined)[],
];

function ownMessage([first, , msg]: Want): string | undefined {
  return typeof first === "string" ? first : msg;
}

/** Checks a caught error against the arguments after the function. */
function checkError(
  error: unknown,
  [first, msgIncludes = "", msg]: Want,
): unknown {
  if (typeof first !== "function") return error;
  check(
    error instanceof first,
    () => `Expected ${first.name} to be thrown: got ${show(error)}`,
    msg,
  );
  check(
    error.message.includes(msgIncludes),
    () =>
      `Expected message to include ${show(msgIncludes)}: got ${
        show(error.message)
      }`,
    msg,
  );
  return error;
}

function check(
  holds: boolean,
  text: () => string,
  msg?: string,
): asserts holds {
  if (!holds) throw new AssertionError(because(text(), msg));
}

function because(text: string, msg?: unknown): string {
  return typeof msg === "string" && msg !== "" ? `${text}: ${msg}` : text;
}

/** The message Node gives for an assertion that fails, with its diff. */
function messageOf(failing: () => void): string {
  try {
    failing();
  } catch (error) {
    return (error as Error).message;
  }
  return "Values are not equal";
}

function show(value: unknown): string {
  return inspect(value, { breakLength: Infinity });
}
