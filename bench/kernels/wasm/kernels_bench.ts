import { callKernel, hasOfficial, listCases, openWasm } from "./_cases.ts";

await openWasm();

const cases = [
  ...listCases("standard", [16, 32, 128]),
  ...listCases("adversarial", [32, 64, 256]),
];

for (const one of cases) {
  const bench = (stock: boolean) => {
    const kernels = stock ? one.official : [one.kernel];
    if (!kernels.every((name) => !stock || hasOfficial(name))) return;
    let warm = false;
    Deno.bench({
      name: `${one.name}: ${stock ? "official" : "dupbench"}`,
      group: one.name,
      baseline: stock,
      // deno-lint-ignore require-await
      async fn(b) {
        const call = () =>
          kernels.forEach((name) => callKernel(name, one, { stock }));
        if (!warm) warmUp(call);
        warm = true;
        b.start();
        call();
        b.end();
      },
    });
  };
  bench(true);
  bench(false);
}

/**
 * The first calls compile and are not measured: twenty of them, or as many as fit
 * in a tenth of a second, since some official kernels take half a second each.
 */
function warmUp(call: () => void): void {
  const end = performance.now() + 100;
  for (let i = 0; i < 20 && performance.now() < end; i++) call();
}
