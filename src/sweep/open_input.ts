/** A stream that is read by lines, and by bytes where a line says how many. */
export interface Input {
  /**
   * The next line, of UTF-8, without its line end; `undefined` at the end. A last
   * line without a line end is dropped: its writer died.
   */
  line(): Promise<string | undefined>;
  /** The next bytes; `undefined` where the stream has fewer. */
  bytes(length: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** The byte that ends a line. */
const LINE_FEED = 0x0a;

/** Opens a stream to read it by lines and bytes, one at a time. */
export function openInput(stream: ReadableStream<Uint8Array>): Input {
  const reader = stream.getReader();
  let rest: Uint8Array = new Uint8Array(0);
  /** Gets more of the stream once `rest` is used up. */
  async function refill(): Promise<boolean> {
    const { value, done } = await reader.read();
    if (done) return false;
    rest = value;
    return true;
  }
  return {
    async line() {
      const decoder = new TextDecoder();
      let text = "";
      do {
        const end = rest.indexOf(LINE_FEED);
        if (end >= 0) {
          text += decoder.decode(rest.subarray(0, end));
          rest = rest.subarray(end + 1);
          return text;
        }
        text += decoder.decode(rest, { stream: true });
      } while (await refill());
      rest = rest.subarray(rest.length);
      return undefined;
    },
    async bytes(length) {
      const bytes = new Uint8Array(length);
      let at = 0;
      while (at < length) {
        if (rest.length === 0 && !await refill()) return undefined;
        const part = rest.subarray(0, length - at);
        bytes.set(part, at);
        at += part.length;
        rest = rest.subarray(part.length);
      }
      return bytes;
    },
  };
}
