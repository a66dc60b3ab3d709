/**
 * Does everything of a release but the upload: see `docs/releasing.md`.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { root } from "./follow_imports.ts";
import { writePackages } from "./write_packages.ts";

await requireVersions();
if (await output("git", "status", "--porcelain") !== "") {
  throw new Error("The checkout must be clean, got changes");
}
const folder = "results/local/npm";
const written = await writePackages(folder);
const again = await writePackages(`${folder}/again`);
for (const [i, { name, path, bytes }] of written.entries()) {
  const [one, other] = await Promise.all(
    [path, again[i]!.path].map(digestOf),
  );
  if (one !== other) throw new Error(`Two builds of ${name} differ`);
  // Provenance is made where CI publishes.
  await output("npm", "publish", "--dry-run", "--provenance=false", path);
  console.log(`${name} ${config.version}: ${bytes} bytes, SHA-256 ${one}`);
}
await Deno.remove(`${folder}/again`, { recursive: true });
await output(Deno.execPath(), "publish", "--dry-run", "--no-check", "--quiet");
console.log("To upload:");
for (const { path } of written) console.log(`  npm publish ${path}`);
console.log("  deno publish");

/** Requires that every file names the same version. */
async function requireVersions(): Promise<void> {
  const read = (path: string) => Deno.readTextFile(new URL(path, root));
  const places = {
    "CITATION.cff": /^version: (.*)$/m.exec(await read("CITATION.cff")),
    "CHANGELOG.md": /^## (.*)$/m.exec(await read("CHANGELOG.md")),
  };
  for (const [file, found] of Object.entries(places)) {
    if (found?.[1] === config.version) continue;
    throw new Error(
      `${file} must have the version ${config.version}, got ${found?.[1]}`,
    );
  }
}

/** What a program prints. */
async function output(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd: root,
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(
    `${command} ${args[0]} failed: ${new TextDecoder().decode(stderr)}`,
  );
}

async function digestOf(path: string): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    await Deno.readFile(path),
  );
  return new Uint8Array(digest).toHex();
}
