import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "../sweep/paths.ts";

const at = (path: string) =>
  fromFileUrl(new URL(`../../${path}`, import.meta.url));
const recorded = at("fixtures/result-set-1.json");

/** Serves the recorded set while `use` runs. */
async function withServer(use: (origin: string) => Promise<void>) {
  const server = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-lock",
      "--no-prompt",
      "--allow-net=127.0.0.1",
      `--allow-read=${recorded}`,
      at("tests/cli/_serve_set.ts"),
      recorded,
    ],
    stdout: "piped",
  }).spawn();
  const reader = server.stdout.getReader();
  try {
    const { value } = await reader.read();
    await use(`http://127.0.0.1:${new TextDecoder().decode(value).trim()}`);
  } finally {
    server.kill();
    await reader.cancel();
    await server.status;
  }
}

/** Calls the launcher, which gives the command its permissions. */
async function launch(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--allow-read", "--allow-env"],
      ...["--allow-run", at("src/cli/launch.ts"), ...args],
    ],
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("verify reads a result set by its URL, with the permission of its host alone", () =>
  withServer(async (origin) => {
    const file = await launch("verify", recorded, "--cells=0");
    assertEquals(file.code, 0, file.stderr);
    const saysOf = ({ stdout }: { stdout: string }) =>
      stdout.slice(stdout.indexOf(".json") + 5);
    for (const path of ["set.json", "moved"]) {
      const found = await launch("verify", `${origin}/${path}`, "--cells=0");
      assertEquals(found.code, 0, found.stderr);
      assertStringIncludes(found.stdout, `${origin}/${path}`);
      if (path === "set.json") assertEquals(saysOf(found), saysOf(file));
    }
    const faults = {
      absent: "the server answered 404 Not Found",
      away: `it redirects to "${
        origin.replace("127.0.0.1", "localhost")
      }/set.json": give that address`,
    };
    for (const [path, fault] of Object.entries(faults)) {
      const { code, stderr } = await launch("verify", `${origin}/${path}`);
      assertEquals(
        stderr,
        `Cannot read "${origin}/${path}": ${fault}\n`,
      );
      assertEquals(code, 2);
    }
  }));

Deno.test("a command that does not fetch says that a URL must be downloaded first", async () => {
  const { code, stderr } = await launch(
    "analyse",
    "https://example.org/a.json",
  );
  assertEquals(code, 2);
  assertEquals(
    stderr,
    'The argument must be a file, got "https://example.org/a.json": download it first\n',
  );
});

Deno.test("page of a URL with a query is called by the file, and names the URL in quotes", () =>
  withServer(async (origin) => {
    const folder = await Deno.makeTempDir();
    try {
      const url = `${origin}/set.json?download=1&as=json`;
      const { code, stdout, stderr } = await launch("-C", folder, "page", url);
      assertEquals([code, stderr], [0, ""]);
      assertStringIncludes(stdout, "wrote results/local/set.html, ");
      const page = await Deno.readTextFile(`${folder}/results/local/set.html`);
      assertStringIncludes(
        page,
        `<code>deno task verify '${url.replace("&", "&amp;")}'</code> does`,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }));
