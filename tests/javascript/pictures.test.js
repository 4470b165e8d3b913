import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import { curvePoints } from "../../app/components/chain_player.js";
import { pixelAt } from "../../app/components/image_board_mosaic.js";
import { hexOf, lineTo, Marks } from "../../app/components/pixel_painter_marks.js";
import { bitsOf, unpack } from "../../app/components/runtime/packing.js";
import { colour, diverging, fill, greys, measure } from "../../app/components/runtime/pixels.js";

/**
 * Pack as app/components/packing.py does, at an odd place of a larger buffer.
 * @param {Record<string, unknown>} header
 * @param {Uint8Array} body
 */
const pack = (header, body) => {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(3 + 4 + text.length + body.length);
  new DataView(bytes.buffer).setUint32(3, text.length, true);
  bytes.set(text, 7);
  bytes.set(body, 7 + text.length);
  return bytes.subarray(3);
};

for (const squeezed of [false, true])
  test(`packed arrays come back with their signs and shapes, squeezed: ${squeezed}`, async () => {
    const body = Uint8Array.from([1, 2, 255, 254, 7, 129]);
    const arrays = { grey: { offset: 0, shape: [2, 2], kind: "u1" },
      signed: { offset: 4, shape: [2], kind: "i1" } };
    const sent = squeezed ? new Uint8Array(deflateSync(body)) : body;
    const data = await unpack(pack({ title: "größer", arrays, squeezed }, sent));
    assert.equal(data.title, "größer");
    assert.deepEqual(data.arrays.grey, { values: body.subarray(0, 4), shape: [2, 2] });
    assert.deepEqual(data.arrays.signed, { values: Int8Array.from([7, -127]), shape: [2] });
  });

test("bits unfold picture by picture, each padded to whole bytes", () => {
  const packed = Uint8Array.from([0b10110000, 0b01000000, 0b00000001, 0b10000000]);
  assert.deepEqual([...bitsOf(packed, 1, 9, 1)].map((level) => level / 255),
    [0, 0, 0, 0, 0, 0, 0, 1, 1]);
  assert.equal(bitsOf(packed, 0, 9, 2).length, 18);
});

test("weights run from the negative over the zero to the positive colour", () => {
  const palette = { "@negative": "#B35806", "@zero": "#F7F7F7", "@positive": "#0B5FA5" };
  const table = diverging(palette, 100);
  assert.equal(table[128], colour("#F7F7F7"));
  assert.equal(table[28], colour("#B35806"));
  assert.equal(table[228], colour("#0B5FA5"));
  assert.equal(table[255], table[228]); // beyond the full colour nothing changes
  assert.equal(colour("#0B5FA5"), 0xffa55f0b);
});

const LAYOUT = { count: 3, height: 2, width: 5, columns: 2, gap: 1, table: greys, between: 9 };

test("pictures fill the room that they have, and no more", () => {
  for (const density of [1, 1.5, 2])
    for (const room of /** @type {[number, number][]} */ ([[200, 400], [400, 60]])) {
      const { scale, zoom, sheetWidth, sheetHeight } = measure({ ...LAYOUT, room }, density);
      const shown = [(sheetWidth * scale) / zoom, (sheetHeight * scale) / zoom];
      const shares = shown.map((size, i) => size / room[i]);
      assert.ok(Math.max(...shares) > 0.97 && Math.max(...shares) < 1.03, String(shares));
      assert.ok(zoom >= scale * density); // a pixel is never drawn smaller than it is shown
    }
});

test("every pixel lies where the geometry says, and between pictures there is none", () => {
  /** @type {[number, number]} */
  const room = [13, 7]; // a pixel for each
  const layout = { ...LAYOUT, room, first: 1 }, sizes = measure(layout, 1);
  assert.deepEqual([sizes.sheetWidth, sizes.sheetHeight, sizes.zoom], [13, 7, 1]);
  const values = Uint8Array.from({ length: 40 }, (_, i) => i);
  const out = new Uint32Array(13 * 7);
  fill(out, values, layout, sizes);
  const at = (/** @type {number} */ x, /** @type {number} */ y) => out[y * 13 + x];
  assert.equal(at(0, 0), 9);
  assert.equal(at(1, 1), greys[10]); // the first picture asked for is the second there is
  assert.equal(at(6, 1), 9);
  assert.equal(at(7, 1), greys[20]);
  assert.equal(at(5, 2), greys[19]);
  assert.equal(at(1, 4), greys[30]);
  assert.equal(at(7, 4), 9); // there is no fourth
});

test("a point of the mosaic is found in its field, and gaps belong to none", () => {
  const geometry = { pixel: 2, edge: 1, across: 11, down: 5 };
  const panel = { shape: /** @type {[number, number]} */ ([2, 5]), tiles: 2, units: [4, 7, 9] };
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    pixelAt(geometry, panel, null, { x, y });
  assert.deepEqual(at(1, 1), { tile: 0, row: 0, column: 0 });
  assert.deepEqual(at(21, 4), { tile: 1, row: 1, column: 4 });
  assert.deepEqual(at(3, 6), { tile: 2, row: 0, column: 1 });
  assert.equal(at(11, 1), null);
  assert.equal(at(0, 1), null);
  assert.equal(at(13, 6), null); // there is no fourth field
  assert.equal(at(25, 1), null);
  assert.deepEqual(pixelAt(geometry, panel, 1, { x: 9.5, y: 3.5 }), { tile: 1, row: 1, column: 4 });
});

test("marks travel as four pixels a digit, the first highest", () => {
  assert.equal(hexOf(Uint8Array.from([1, 0, 1, 1, 0, 1])), "b4");
  assert.equal(hexOf(Uint8Array.from([])), "");
});

test("a stroke leaves no gap and ends where it was led", () => {
  const cells = lineTo([0, 0], [3, 7]);
  assert.deepEqual([cells[0], cells.at(-1)], [[0, 0], [3, 7]]);
  for (let i = 1; i < cells.length; i++) {
    const moved = cells[i].map((value, axis) => Math.abs(value - cells[i - 1][axis]));
    assert.equal(Math.max(...moved), 1);
  }
  assert.deepEqual(lineTo([2, 2], [2, 2]), [[2, 2], [2, 2]]);
});

test("a brush covers its neighbours, and nothing beyond the border", () => {
  const marks = new Marks([3, 4], new Uint8Array(12));
  marks.set([0, 3], 1, 1);
  assert.deepEqual([...marks.values], [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0]);
  assert.equal(marks.at([1, 2]), 1);
  assert.deepEqual(marks.nearest([-1, 9]), [0, 3]);
});

test("the curve of energies shows what comes after the noise at full height", () => {
  const points = curvePoints([900, 500, 300, -10, -30, -20]);
  assert.deepEqual(points.map(([x]) => x), [0, 200, 400, 600, 800, 1000]);
  assert.deepEqual(points.slice(3).map(([, y]) => y), [4, 76, 40]);
  assert.ok(points[0][1] < 0); // out of the picture
});
