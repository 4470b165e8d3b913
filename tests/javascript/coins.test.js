import assert from "node:assert/strict";
import { test } from "node:test";

import { Orders, wordsOf } from "../../app/components/coin_rows.js";

/** @typedef {import("../../app/components/coin_rows.js").Unit} Unit */
/** @typedef {import("../../app/components/coin_rows.js").Layer} Layer */

/** @type {Unit} */
const UNIT = { name: "h1", state: 1, field: 0.4, p: 0.6, u: 0.25, hand: false, held: false };
/** @type {Layer} */
const NEXT = { title: "Hidden", note: "next", next: true, can_hold: false, units: [] };
/** @type {Layer} */
const LAST = { title: "Visible", note: "drawn", next: false, can_hold: true, units: [] };

test("a coin that falls below the chance gives 1, and the words say so", () => {
  assert.match(wordsOf(NEXT, UNIT, 0.59, false).long, /^p = 0\.60, coin set to 0\.59, gives 1$/);
  assert.match(wordsOf(NEXT, UNIT, 0.6, false).long, /gives 0$/);
  assert.match(wordsOf(NEXT, UNIT, 0.9, false).text, /✎ \.90 → 0$/);
});

test("close numbers get as many digits as tell which is larger", () => {
  assert.match(wordsOf(NEXT, UNIT, 0.596, false).text, /p \.600 .* \.596 → 1/);
  assert.match(wordsOf(NEXT, UNIT, 0.5, false).text, /p \.60 .* \.50 → 1/);
});

test("what was drawn is told as it came, whatever the coin would give now", () => {
  assert.equal(wordsOf(LAST, UNIT, 0.25, false).long, "p = 0.60, drew 0.25, gives 1");
  assert.equal(wordsOf(LAST, { ...UNIT, hand: true }, 0.25, false).long,
    "p = 0.60, set by hand to 0.25, gives 1");
  assert.equal(wordsOf(LAST, UNIT, 0.25, true).long, "held at 1");
  assert.equal(wordsOf(LAST, { ...UNIT, p: null, state: null }, null, false).long,
    "not drawn yet");
});

const DATA = {
  moment: "7", words: { coin: "", chance: "", hold: "" },
  layers: [
    { ...NEXT, units: [UNIT, { ...UNIT, hand: true, u: 0.1 }] },
    { ...LAST, units: [{ ...UNIT, held: true }, { ...UNIT, hand: true }, UNIT] },
  ],
};

test("orders begin with what the server knows to be set by hand", () => {
  assert.deepEqual(new Orders(DATA).toServer("7"),
    { moment: "7", coins: { 1: 0.1 }, held: [0] });
});

test("a coin being dragged is not sent, one let go, undone or held is", () => {
  const orders = new Orders(DATA);
  assert.equal(orders.take("set", 0, 0.3), false);
  assert.equal(orders.take("send", 0, 0.4), true);
  assert.equal(orders.take("undo", 1, 0), true);
  assert.equal(orders.take("hold", 2, 0), true);
  assert.deepEqual(orders.toServer("7"), { moment: "7", coins: { 0: 0.4 }, held: [0, 2] });
  orders.take("hold", 0, 0);
  assert.deepEqual(orders.toServer("7").held, [2]);
});

test("a unit that is held has no coin", () => {
  const orders = new Orders(DATA);
  orders.take("send", 0, 0.4);
  orders.take("hold", 0, 0);
  assert.deepEqual(orders.toServer("7").coins, { 1: 0.1 });
});
