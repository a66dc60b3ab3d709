import { importGroup } from "../test_groups.ts";

await importGroup(import.meta.url);
