import { countOf } from "../../core/count_of.ts";
import { readdir, readFile, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf, UsageError } from "../../core/errors.ts";
import { makeFolder } from "../../core/make_folder.ts";
import { writeFileAtomically } from "../../results/write_file.ts";
import type { CallIo } from "../io.ts";
import { drawDifference, drawImage, type Picture } from "./draw_pictures.ts";
import {
  formatPage,
  type ImagePictures,
  pageHead,
  pageLimits,
  type PictureReference,
  unfinishedPage,
} from "./format_page.ts";
import { exists } from "./refuse_target.ts";
import type { SearchResult } from "./result.ts";

/** The names that the command gives to pictures, and to no other file. */
const pictureName = /^\d+-\d+(-difference)?\.png$/;

/**
 * Writes the page of duplicates and its pictures into a folder. A page of the
 * command there is replaced, with its pictures; anything else stays.
 *
 * @param folder The folder as the user gave it.
 * @returns What was done, in a line.
 * @throws {UsageError} If there is a page or a folder `images` that is not the
 * command's, or something cannot be written.
 */
export async function writePage(
  folder: string,
  result: SearchResult,
  io: CallIo,
): Promise<string> {
  const page = io.path(`${folder}/duplicates.html`);
  const images = io.path(`${folder}/images`);
  await clearOld(page, images);
  await writeFileAtomically(page, unfinishedPage);
  const pictures: ImagePictures[][] = [];
  const write = async (
    name: string,
    { png, ...rest }: Picture,
  ): Promise<PictureReference> => {
    await writeFile(`${images}/${name}`, png, { flag: "wx" });
    return { source: `images/${name}`, ...rest };
  };
  try {
    await makeFolder(images);
    const shown = result.groups.slice(0, pageLimits.groups);
    for (const [i, group] of shown.entries()) {
      const list: ImagePictures[] = [];
      const some = group.images.slice(0, pageLimits.images);
      for (const [j, { at, match }] of some.entries()) {
        const name = `${i + 1}-${j}`;
        const image = await write(
          `${name}.png`,
          await drawImage(result, at),
        );
        if (match?.reason !== "near") list.push({ image });
        else {
          const difference = drawDifference(result, {
            reference: group.images[match.to]!.at,
            other: at,
          });
          list.push({
            image,
            difference: await write(`${name}-difference.png`, difference),
          });
        }
      }
      pictures.push(list);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `Cannot write pictures to "${images}": ${messageOf(error)}`,
    );
  }
  await writeFileAtomically(page, formatPage(result, pictures));
  return `wrote ${folder}/duplicates.html: pictures of ${
    countOf(pictures.length, "group")
  }`;
}

/** Removes the page and the pictures of an earlier call, and refuses others. */
async function clearOld(page: string, images: string): Promise<void> {
  if (!await exists(page) && !await exists(images)) return;
  const text = await readFile(page, "utf8").catch(() => "");
  if (!text.startsWith(pageHead)) {
    throw new UsageError(
      `"html" must be a folder without an unrelated "duplicates.html" or "images", got "${
        dirname(page)
      }"`,
      { field: "html" },
    );
  }
  const entries = await readdir(images, { withFileTypes: true })
    .catch(() => []);
  for (const entry of entries) {
    if (entry.isFile() && pictureName.test(entry.name)) {
      await unlink(`${images}/${entry.name}`);
    }
  }
}
