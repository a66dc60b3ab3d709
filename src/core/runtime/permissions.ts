import process from "node:process";
import { isDeno } from "./engine.ts";

/** Whether this process may start a program; only Deno refuses. */
export async function mayStart(command: string): Promise<boolean> {
  if (!isDeno) return true;
  const { state } = await Deno.permissions.query({ name: "run", command });
  return state === "granted";
}

/** Sets a variable of the environment that is not set, where that is allowed. */
export async function setDefault(
  variable: string,
  value: string,
): Promise<void> {
  if (isDeno) {
    const { state } = await Deno.permissions.query({ name: "env", variable });
    if (state !== "granted") return;
  }
  process.env[variable] ??= value;
}

/** Whether an error says that Deno runs without a permission. */
export function isNotCapable(error: unknown): boolean {
  return error instanceof Error && error.name === "NotCapable";
}

/** The system's code of an error, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === "string" ? code : undefined;
}
