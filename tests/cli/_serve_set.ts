/** Serves the result set of the first argument, on a port that it prints. */
const [path] = Deno.args;
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(port),
}, async (request) => {
  const url = new URL(request.url);
  switch (url.pathname) {
    case "/set.json":
      return new Response(await Deno.readFile(path!));
    case "/moved":
      return Response.redirect(new URL("/set.json", url), 302);
    case "/away":
      return Response.redirect(`http://localhost:${url.port}/set.json`, 302);
    default:
      return new Response("none", { status: 404, statusText: "Not Found" });
  }
});
