// Reads what app/components/packing.py packs: a JSON header, then arrays of single bytes behind it.

/**
 * @typedef {object} PackedArray
 * @property {Uint8Array | Int8Array} values
 * @property {number[]} shape
 */

/**
 * Read packed bytes: the header's values, and its arrays by name.
 * @param {Uint8Array} bytes
 * @returns {Promise<any>} The header, with `arrays` as PackedArray by name.
 */
export const unpack = async (bytes) => {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const { arrays: listing, squeezed, ...head } =
    JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  const body = squeezed ? await inflate(bytes.slice(4 + size)) : bytes.subarray(4 + size);
  const arrays = Object.fromEntries(Object.entries(listing).map(([name, entry]) =>
    [name, arrayAt(body, entry)]));
  return { ...head, arrays };
};

/** @param {Uint8Array<ArrayBuffer>} packed */
const inflate = async (packed) => {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

/**
 * @param {Uint8Array} body
 * @param {{ offset: number, shape: number[], kind: "i1" | "u1" }} entry
 * @returns {PackedArray}
 */
const arrayAt = (body, { offset, shape, kind }) => {
  const part = body.subarray(offset, offset + shape.reduce((a, b) => a * b, 1));
  const values = kind === "i1" ? new Int8Array(part.buffer, part.byteOffset, part.length) : part;
  return { values, shape };
};

/**
 * Unfold pictures of single bits, as packed by app.components.packing.pack_bits.
 * @param {ArrayLike<number>} values
 * @param {number} first Number of the first picture wanted.
 * @param {number} nPixels Pixels of a picture.
 * @param {number} nPictures
 * @returns {Uint8Array} Grey levels, 0 or 255.
 */
export const bitsOf = (values, first, nPixels, nPictures) => {
  const stride = Math.ceil(nPixels / 8), out = new Uint8Array(nPictures * nPixels);
  for (let p = 0; p < nPictures; p++)
    for (let i = 0; i < nPixels; i++) {
      const byte = values[(first + p) * stride + (i >> 3)];
      out[p * nPixels + i] = (byte >> (7 - (i & 7))) & 1 ? 255 : 0;
    }
  return out;
};
