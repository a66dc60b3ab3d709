import { train } from "./train_program.mjs";

console.log(JSON.stringify(await train()));
