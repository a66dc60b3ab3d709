import config from "../../deno.json" with { type: "json" };

/** Version of dupbench. */
export const version: string = config.version;
