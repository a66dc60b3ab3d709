/** What a browser lacks of `node:crypto`: SHA-256 at once, not as a promise. */

/** A hash that takes its input in parts. */
export interface Hash {
  /** Adds text as UTF-8, or bytes. */
  update(part: string | Uint8Array): Hash;
  /** The hash, as bytes that can be read as integers, or as hexadecimal digits. */
  digest(): Uint8Array & { readInt32LE(at: number): number };
  digest(encoding: "hex"): string;
}

/** The first 32 bits of the fractional part of a root of each of the primes. */
function fractions(
  count: number,
  root: (prime: number) => number,
): Uint32Array {
  const values = new Uint32Array(count);
  let found = 0;
  for (let n = 2; found < count; n++) {
    let isPrime = true;
    for (let d = 2; d * d <= n && isPrime; d++) isPrime = n % d !== 0;
    if (isPrime) values[found++] = (root(n) % 1) * 2 ** 32;
  }
  return values;
}

const constants = fractions(64, Math.cbrt);
const initial = fractions(8, Math.sqrt);

/**
 * SHA-256 (FIPS 180-4, section 6.2).
 *
 * @throws {RangeError} If another algorithm is asked for.
 */
export function createHash(algorithm: string): Hash {
  if (algorithm !== "sha256") {
    throw new RangeError(`algorithm must be "sha256", got "${algorithm}"`);
  }
  const state = Int32Array.from(initial);
  const words = new Int32Array(64);
  const block = new Uint8Array(64);
  let filled = 0;
  let length = 0;
  const take = (bytes: Uint8Array) => {
    length += bytes.length;
    let at = 0;
    if (filled > 0) {
      at = Math.min(64 - filled, bytes.length);
      block.set(bytes.subarray(0, at), filled);
      filled += at;
      if (filled < 64) return;
      compress(block, 0);
      filled = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) compress(bytes, at);
    block.set(bytes.subarray(at));
    filled = bytes.length - at;
  };
  const compress = (bytes: Uint8Array, from: number) => {
    for (let i = 0, at = from; i < 16; i++, at += 4) {
      words[i] = bytes[at]! << 24 | bytes[at + 1]! << 16 |
        bytes[at + 2]! << 8 | bytes[at + 3]!;
    }
    for (let i = 16; i < 64; i++) {
      const early = words[i - 15]!;
      const late = words[i - 2]!;
      const low = (early >>> 7 | early << 25) ^ (early >>> 18 | early << 14) ^
        early >>> 3;
      const high = (late >>> 17 | late << 15) ^ (late >>> 19 | late << 13) ^
        late >>> 10;
      words[i] = words[i - 16]! + low + words[i - 7]! + high;
    }
    let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
    let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
    for (let i = 0; i < 64; i++) {
      const mixed = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^
        (e >>> 25 | e << 7);
      const first = h + mixed + (e & f ^ ~e & g) + constants[i]! +
          words[i]! | 0;
      const turned = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^
        (a >>> 22 | a << 10);
      const second = turned + (a & b ^ a & c ^ b & c) | 0;
      h = g, g = f, f = e, e = d + first | 0;
      d = c, c = b, b = a, a = first + second | 0;
    }
    state[0]! += a, state[1]! += b, state[2]! += c, state[3]! += d;
    state[4]! += e, state[5]! += f, state[6]! += g, state[7]! += h;
  };
  const finish = () => {
    const bits = length * 8;
    const end = new Uint8Array((filled < 56 ? 64 : 128) - filled);
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(end.length - 4, bits >>> 0);
    take(end);
    const bytes = new Uint8Array(32);
    const out = new DataView(bytes.buffer);
    for (let i = 0; i < 8; i++) out.setInt32(4 * i, state[i]!);
    return Object.assign(bytes, {
      readInt32LE: (at: number) => out.getInt32(at, true),
    });
  };
  function digest(): ReturnType<typeof finish>;
  function digest(encoding: "hex"): string;
  function digest(encoding?: "hex") {
    const bytes = finish();
    return encoding === undefined ? bytes : toHex(bytes);
  }
  const hash: Hash = {
    update(part) {
      take(typeof part === "string" ? new TextEncoder().encode(part) : part);
      return hash;
    },
    digest,
  };
  return hash;
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
