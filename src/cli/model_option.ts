import { z } from "zod";
import { digestOf } from "../core/digest.ts";
import { messageOf, UsageError } from "../core/errors.ts";
import { parseJson, readTextBytes } from "../core/read_json.ts";
import { networkSchema } from "../spec/network.ts";
import type { Network } from "../spec/network_types.ts";
import { isNetworkName, type NetworkChoice } from "../spec/find_network.ts";
import { networkNames } from "../spec/networks.ts";
import type { Study } from "../spec/study.ts";
import { validateInput } from "../spec/validate_input.ts";
import type { CallIo } from "./io.ts";

/** The option `--model`: names of networks, and files of others. */
export const modelOption = z.array(z.string().min(1)).min(1).meta({
  value: "NAME|FILE.json",
  path: "file",
  choices: networkNames,
  fallback: ["published-standard"],
}).optional().describe(
  `Networks: ${networkNames.join(", ")}, or JSON files that hold others`,
);

/** Fields of a study that flags gave. */
type Fields = { readonly model?: readonly string[] | undefined };

/**
 * Reads the networks that `--model` names as files. Each gets the name of its
 * file and the first 8 digits of its content's SHA-256, so that no two networks
 * have one name.
 *
 * @throws {UsageError} If a file cannot be read or holds no network.
 */
export async function withNetworks<F extends Fields>(
  fields: F,
  io: Pick<CallIo, "path">,
): Promise<F & { model?: string[]; networks?: Study["networks"] }> {
  if (fields.model === undefined) return fields as F & { model?: string[] };
  const networks: Record<string, Network> = {};
  const model = await Promise.all(fields.model.map(async (word) => {
    if (!word.endsWith(".json")) return word;
    const network = await readNetwork(word, io);
    const name = `${stemOf(word)}-${digestOf(network).slice(0, 8)}`;
    networks[name] = network;
    return name;
  }));
  const hasOwn = Object.keys(networks).length > 0;
  return { ...fields, model, networks: hasOwn ? networks : undefined };
}

/**
 * Reads the one network that a word names.
 *
 * @throws {UsageError} If it is neither a network nor a file that holds one.
 */
export async function readNetworkChoice(
  word: string,
  io: Pick<CallIo, "path">,
): Promise<NetworkChoice> {
  const { model: [name], networks = {} } = await withNetworks(
    { model: [word] },
    io,
  ) as { model: [string]; networks?: Record<string, Network> };
  const network = networks[name];
  if (network === undefined && !isNetworkName(name)) {
    throw new UsageError(
      `"model" must be one of ${
        networkNames.join(", ")
      }, or a file that ends in .json, got "${name}"`,
      { field: "model" },
    );
  }
  return { model: name, network };
}

/** The name of a file as names of networks are written. */
function stemOf(path: string): string {
  const stem = path.replace(/^.*[/\\]/, "").slice(0, -".json".length);
  return stem.toLowerCase().replace(/[^a-z0-9.]+/g, "-").slice(0, 60)
    .replace(/^[^a-z0-9]+/, "") || "network";
}

async function readNetwork(
  path: string,
  io: Pick<CallIo, "path">,
): Promise<Network> {
  const what = `network "${path}"`;
  let bytes;
  try {
    bytes = await readTextBytes(io.path(path));
  } catch (error) {
    throw new UsageError(`Cannot read ${what}: ${messageOf(error)}`);
  }
  let values: unknown;
  try {
    values = parseJson(bytes);
  } catch (error) {
    throw new UsageError(`${what} must be JSON: ${messageOf(error)}`);
  }
  return validateInput(networkSchema, values, what);
}
