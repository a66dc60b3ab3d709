import config from "../deno.json" with { type: "json" };
import { buildPackage } from "./build_package.ts";
import { packages } from "./packages.ts";
import { packTarball } from "./pack_tarball.ts";

/** A tarball that was written. */
export interface WrittenPackage {
  /** Name of the package. */
  readonly name: string;
  /** Path of its tarball. */
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
}

/** Builds all packages and writes their tarballs into a folder. */
export async function writePackages(folder: string): Promise<WrittenPackage[]> {
  await Deno.mkdir(folder, { recursive: true });
  return await Promise.all(
    Object.entries(packages).map(async ([name, about]) => {
      const tarball = packTarball(await buildPackage(about));
      const stem = name.replace("@", "").replace("/", "-");
      const path = `${folder}/${stem}-${config.version}.tgz`;
      await Deno.writeFile(path, tarball);
      return { name, path, bytes: tarball.length };
    }),
  );
}
