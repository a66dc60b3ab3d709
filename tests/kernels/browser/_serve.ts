/**
 * Serves this repository's modules to a browser as JavaScript, with the official
 * builds of TensorFlow.js that pages load by a script element.
 */
import * as tf from "@tensorflow/tfjs";
// Only of modules that are imported is the file known.
import "@tensorflow/tfjs-backend-wasm";
import { stripTypeScriptTypes } from "node:module";

const root = new URL("../../../", import.meta.url);
const folderOf = (name: string) => new URL(".", import.meta.resolve(name));

/** Folders of files, by the first part of their path. */
const folders: Record<string, URL> = {
  tfjs: folderOf("@tensorflow/tfjs"),
  wasm: folderOf("@tensorflow/tfjs-backend-wasm"),
  src: new URL("src/", root),
  tests: new URL("tests/", root),
};

const names = Object.keys(tf).filter((name) =>
  /^[A-Za-z_$][\w$]*$/.test(name) && name !== "default"
);

const page = `<!doctype html><meta charset="utf-8"><title>page</title>
<script>
// The backend has a thread for every second processor, at most four.
Object.defineProperty(navigator, "hardwareConcurrency", { value: 8 });
</script>
<script src="/tfjs/tf.es2017.min.js"></script>
<script src="/wasm/tf-backend-wasm.es2017.min.js"></script>
<script type="importmap">{"imports":{
"@tensorflow/tfjs":"/shim.js",
"@tensorflow/tfjs-backend-wasm":"/empty.js"}}</script>
<script type="module">
import { trainInPage } from "/tests/kernels/browser/train_in_page.ts";
tf.wasm.setWasmPaths("/wasm/");
globalThis.trained = trainInPage().then(
  (trained) => ({ ...trained, threads: tf.wasm.getThreadsCount() }),
  (error) => ({ error: String(error) }),
);
</script>`;

const isolated = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

const pages: Record<string, Record<string, string>> = {
  "/plain.html": {},
  "/isolated.html": isolated,
  "/strict.html": {
    "content-security-policy": "script-src 'self' 'unsafe-inline'",
  },
};

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const headers = (type: string) => ({
    "content-type": type,
    "cross-origin-resource-policy": "same-origin",
  });
  const script = headers("text/javascript");
  if (pages[pathname]) {
    return new Response(page, {
      headers: { ...headers("text/html"), ...pages[pathname] },
    });
  }
  if (pathname === "/shim.js") {
    return new Response(
      `export const { ${names.join(", ")} } = globalThis.tf;`,
      {
        headers: script,
      },
    );
  }
  if (pathname === "/empty.js") return new Response("", { headers: script });
  const [, first, ...rest] = pathname.split("/");
  const folder = folders[first!];
  if (folder === undefined) return new Response("", { status: 404 });
  try {
    const file = await Deno.readFile(new URL(rest.join("/"), folder));
    if (pathname.endsWith(".ts")) {
      const text = new TextDecoder().decode(file);
      return new Response(stripTypeScriptTypes(text), {
        headers: { ...script, ...isolated },
      });
    }
    const type = pathname.endsWith(".wasm") ? "application/wasm" : undefined;
    return new Response(file, {
      headers: type === undefined ? script : headers(type),
    });
  } catch {
    return new Response("", { status: 404 });
  }
}

/** Starts the server on a free port. */
export function serve(): { address: string; stop(): Promise<void> } {
  const server = Deno.serve(
    { port: 0, hostname: "localhost", onListen: () => {} },
    answer,
  );
  return {
    address: `http://localhost:${server.addr.port}`,
    stop: () => server.shutdown(),
  };
}
