import { assert, assertEquals, assertMatch } from "@std/assert";
import { chromiumTest } from "../chromium_available.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { enlarged, moved, photo, png, writeFiles } from "./_photos.ts";
import { runMain } from "./run_main.ts";
import { runBrowser } from "../run_browser.ts";

/** Names that would be markup, script or another place if a page took them so. */
const names = [
  "<img src=x onerror=pwned=1>.png",
  '"><script>pwned=1<!--.png',
  "' onmouseover='pwned=1.png",
  '" onclick="pwned=1.png',
  "&lt;b&gt;&#x27;.png",
  "%2e%2e%2fetc.png",
  "javascript:pwned=1.png",
  "two\nlines.png",
  `${"long".repeat(55)}.png`,
];

/** New images and their archive: each name twice, in one way or another. */
async function makeFolders(folder: string): Promise<void> {
  const foe = "<b onclick=pwned=1>";
  const old: Record<string, Uint8Array> = {};
  const added: Record<string, Uint8Array> = {
    [`${foe}/other.png`]: png(photo(40)),
  };
  names.forEach((name, i) => {
    const image = photo(10 + i);
    old[`${foe}/${name}`] = png(image);
    added[`${i === 2 ? "plain" : foe}/${name}`] = i % 3 === 0
      ? png(image)
      : i % 3 === 1
      ? enlarged(image, 5)
      : png(moved(image, (y, x) => [y, 31 - x]));
  });
  // Two only in the archive, and two only among the new ones.
  old["plain/a.png"] = old["plain/b.png"] = png(photo(60));
  added["plain/c.png"] = added["plain/d.png"] = png(photo(61));
  await writeFiles(`${folder}/old`, old);
  await writeFiles(`${folder}/new`, added);
}

const search = (folder: string, ...words: string[]) =>
  runMain([
    "duplicates",
    "--dataset=folder",
    "--data-dir=new",
    "--against=old",
    ...(words.includes("--no-near") ? [] : ["--mirrored"]),
    "--show=0",
    ...words,
  ], folder);

Deno.test("duplicates --html has no name of a file as markup, and a policy without foreign script", () =>
  inFolder(async (folder) => {
    await makeFolders(folder);
    const { code, stderr } = await search(folder, "--html=page");
    assertEquals([code, stderr], [
      0,
      "wrote page/duplicates.html: pictures of 10 groups\n",
    ]);
    const page = await Deno.readTextFile(`${folder}/page/duplicates.html`);
    assertEquals(page.match(/<(img src=x|b |script>pwned)/), null);
    assertEquals(page.match(/<script/g)!.length, 1);
    assertEquals(page.match(/ (on\w+|style)="/), null);
    const [, policy] = /Policy" content="([^"]*)"/.exec(page)!;
    assertMatch(policy!, /^default-src 'none'; img-src 'self' file: data:; /);
    assert(!policy!.includes("unsafe"));
    for (const [, source] of page.matchAll(/<img src="([^"]*)"/g)) {
      assertMatch(source!, /^images\/\d+-\d+(-difference)?\.png$/);
      await Deno.stat(`${folder}/page/${source}`);
    }
    assert(page.includes("&lt;img src=x onerror=pwned=1&gt;.png"));
  }));

Deno.test("duplicates --html replaces its own page and pictures only", () =>
  inFolder(async (folder) => {
    await makeFolders(folder);
    await search(folder, "--html=page");
    await Deno.writeTextFile(`${folder}/page/images/mine.png`, "");
    const first = await Array.fromAsync(Deno.readDir(`${folder}/page/images`));
    const { code } = await search(folder, "--html=page", "--no-near");
    assertEquals(code, 0);
    const second = await Array.fromAsync(Deno.readDir(`${folder}/page/images`));
    assert(second.length < first.length);
    assert(second.some(({ name }) => name === "mine.png"));
    await Deno.writeTextFile(`${folder}/page/duplicates.html`, "mine");
    const refused = await search(folder, "--html=page");
    assertEquals(refused.code, 2);
    assertMatch(
      refused.stderr,
      /^--html must be a folder without an unrelated/,
    );
    const left = await Deno.readTextFile(`${folder}/page/duplicates.html`);
    assertEquals(left, "mine");
  }));

Deno.test("duplicates --html goes on where writing its pictures ended early", () =>
  inFolder(async (folder) => {
    await writeFiles(`${folder}/photos`, {
      "a.png": png(photo(1)),
      "b.png": png(photo(1)),
      "c.png": png(photo(2)),
    });
    const words = ["duplicates", "photos", "--html=page", "--no-near"];
    // The list is printed when the search has ended, before the pictures.
    const ended = await runMain(words, folder, {
      print: () => Deno.renameSync(`${folder}/photos/b.png`, `${folder}/b`),
    });
    assertEquals(ended.code, 2);
    const page = () => Deno.readTextFile(`${folder}/page/duplicates.html`);
    assertMatch(await page(), /not finished/);
    await Deno.stat(`${folder}/page/images/1-0.png`);
    await Deno.rename(`${folder}/b`, `${folder}/photos/b.png`);
    const { code, stderr } = await runMain(words, folder);
    assertEquals([code, stderr], [
      0,
      "wrote page/duplicates.html: pictures of 1 group\n",
    ]);
    assertMatch(await page(), /1 group of duplicates/);
  }));

chromiumTest(
  "duplicates --html opens from disk without network, narrow and dark, is used by the keyboard, shows hostile names as text, and axe finds nothing",
  () =>
    inFolder(async (folder) => {
      await makeFolders(folder);
      await search(folder, "--html=page", "--keep=first");
      const url = `file://${folder}/page/duplicates.html`;
      const found = await runBrowser("tests/cli/_browse_duplicates.ts", url);
      assertEquals(found.complaints, []);
      for (const request of found.requests) {
        assert(
          request === url || request.startsWith("data:") ||
            request.startsWith(`file://${folder}/page/images/`),
          request,
        );
      }
      for (
        const [scheme, ground] of [["light", "255, 255, 255"], [
          "dark",
          "20, 21, 22",
        ]]
      ) {
        assertEquals(found[scheme!], {
          widths: [360, 360],
          ground: `rgb(${ground})`,
        });
        assertEquals(found[`violations ${scheme}`], []);
      }
      assertEquals(found.marks, {
        pwned: false,
        scripts: 1,
        handlers: 0,
        foreign: 0,
      });
      assert(found.pictures.every((isLoaded: boolean) => isLoaded));
      const shownNames = names.map((name) => name.replace("\n", " "));
      for (const name of shownNames) {
        assertEquals(
          found.names.filter((path: string) => path.endsWith(`/${name}`))
            .length,
          2,
          name,
        );
      }
      assertEquals(found.all.length, 10);
      assertEquals(found.firstStop, "skip");
      // Ten groups: nine across, of which one has two labels; three and the
      // group of new images alone are exact.
      const { across, conflict, exact, near } = found.byKind;
      assertEquals(across.shown.length, 9);
      assertEquals(across.status, "9 of 10 groups shown");
      assertEquals(conflict.shown, [`<b onclick=pwned=1>/${names[2]}`]);
      assertEquals(exact.shown.length, 4);
      assertEquals(near.shown.length, 6);
      assertEquals(found.byName, [...found.all].sort());
      assertEquals(found.searched.shown.length, 3);
      assertEquals(found.searched.status, "3 of 10 groups shown");
    }),
);
