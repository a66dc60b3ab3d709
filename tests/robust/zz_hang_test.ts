import fc from "fast-check";
import { fuzz } from "./_fuzz.ts";
let n = 0;
fuzz("ok", { runs: 3, input: fc.nat(), read: () => { throw new (class extends Error {})(); }, refusal: Error as never });
fuzz("hangs", { runs: 3, input: fc.nat(), read: () => { if (++n > 1) for (;;); throw new Error("x"); }, refusal: Error as never });
