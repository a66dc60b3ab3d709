/**
 * Builds the packages for npm as tarballs, into the folder that is named.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { buildPackage } from "./build_package.ts";
import { packages } from "./packages.ts";
import { packTarball } from "./pack_tarball.ts";

const [folder = "results/local/npm"] = Deno.args;
await Deno.mkdir(folder, { recursive: true });
for (const [name, about] of Object.entries(packages)) {
  const tarball = packTarball(await buildPackage(about));
  const file = `${name.replace("@", "").replace("/", "-")}-${config.version}`;
  await Deno.writeFile(`${folder}/${file}.tgz`, tarball);
  console.log(`Wrote ${tarball.length} bytes to ${folder}/${file}.tgz`);
}
