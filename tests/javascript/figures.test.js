import assert from "node:assert/strict";
import { test } from "node:test";

import { enlarge, merge, paint, patched } from "../../app/components/runtime/figures.js";
import { number, short, signed } from "../../app/components/runtime/numbers.js";

/** @type {import("../../app/components/runtime/theme.js").Palette} */
const PALETTE = { "@ink": "#1F2933", "@weights": [[0, "#B35806"], [1, "#0B5FA5"]] };

test("tokens become colours wherever they stand, and nothing else changes", () => {
  const bytes = new Uint8Array([1, 2]);
  const tree = { line: { color: "@ink", width: 2 }, text: ["@", "a@ink", "@nobody"], z: null,
    colorscale: "@weights", y: { dtype: "f4", bdata: "AA==" }, bytes };
  assert.deepEqual(paint(tree, PALETTE), { ...tree, line: { color: "#1F2933", width: 2 },
    colorscale: PALETTE["@weights"] });
  assert.equal(paint(tree, PALETTE).bytes, bytes);
  assert.equal(tree.line.color, "@ink"); // what came is left as it was
});

test("a change is merged into branches and replaces values, lists and packed numbers", () => {
  const packed = { dtype: "f4", bdata: "AA==", shape: "2, 3" };
  const base = { y: packed, line: { width: 1, dash: "dot" } };
  const change = { y: { dtype: "u2", bdata: "BB==" }, line: { width: 3 }, x: [1, 2] };
  assert.deepEqual(merge(base, change),
    { y: change.y, line: { width: 3, dash: "dot" }, x: [1, 2] });
  assert.equal(base.line.width, 1);
});

test("a patch changes the traces that it names", () => {
  const figure = { data: [{ y: [1] }, { y: [2] }], layout: { title: { text: "a" } } };
  assert.deepEqual(patched(figure, { data: { 1: { y: [5] } } }),
    { data: [{ y: [1] }, { y: [5] }], layout: figure.layout });
  assert.deepEqual(patched(figure, { layout: { title: { text: "b" } } }).layout,
    { title: { text: "b" } });
});

test("a lecture hall gets larger letters of every kind, and nothing else larger", () => {
  const figure = { data: [{ textfont: { size: 10 }, marker: { size: 10 } }],
    layout: { font: { size: 12 }, xaxis: { title: { font: { size: 20 } } } } };
  enlarge(figure);
  assert.deepEqual(figure, { data: [{ textfont: { size: 13 }, marker: { size: 10 } }],
    layout: { font: { size: 15.600000000000001 }, xaxis: { title: { font: { size: 26 } } } } });
});

test("numbers have a true minus, and zero has no sign", () => {
  assert.equal(number(-1.25, 1), "−1.3");
  assert.equal(number(-0.004, 2), "0.00");
  assert.deepEqual([-0.04, 0.04, 0.06, -0.06].map((value) => signed(value)),
    ["0.0", "0.0", "+0.1", "−0.1"]);
  assert.deepEqual([0.25, 1, 0.996].map((value) => short(value)), [".25", "1.00", "1.00"]);
});
