import { callKernel, hasOfficial, listCases, openWasm } from "./_cases.ts";

await openWasm();

const cases = [
  ...listCases("standard", [16, 32, 128]),
  ...listCases("adversarial", [32, 64, 256]),
];

for (const one of cases) {
  // The first calls compile: they belong to no measurement.
  const bench = (stock: boolean) => {
    const kernels = stock ? one.official : [one.kernel];
    if (!kernels.every((name) => !stock || hasOfficial(name))) return;
    let warm = false;
    Deno.bench({
      name: stock ? `${one.name}: official` : one.name,
      group: one.name,
      baseline: stock,
      // deno-lint-ignore require-await
      async fn(b) {
        for (let i = warm ? 20 : 0; i < 20; i++) {
          kernels.forEach((name) => callKernel(name, one, { stock }));
        }
        warm = true;
        b.start();
        kernels.forEach((name) => callKernel(name, one, { stock }));
        b.end();
      },
    });
  };
  bench(true);
  bench(false);
}
