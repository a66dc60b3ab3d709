import { assertEquals } from "@std/assert";
import { collectProvenance } from "../../src/results/collect_provenance.ts";
import { fromFileUrl } from "../sweep/paths.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));

Deno.test({
  name:
    "collectProvenance() does not write the index of git, which a kill would leave locked",
  ignore: !hasIndex(),
  async fn() {
    const before = Deno.readFileSync(`${root}.git/index`);
    // Of a file with another time git looks at the content, and notes the time.
    Deno.utimeSync(`${root}README.md`, new Date(), new Date());
    const { git } = await collectProvenance({
      backend: {},
      command: [],
      jobs: 1,
    });
    assertEquals(/^[0-9a-f]{40}$/.test(git?.commit ?? ""), true);
    assertEquals(Deno.readFileSync(`${root}.git/index`), before);
  },
});

/** Whether this is a clone; an archive has no index, and a worktree another. */
function hasIndex(): boolean {
  try {
    return Deno.statSync(`${root}.git/index`).isFile;
  } catch {
    return false;
  }
}
