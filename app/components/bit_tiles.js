// The row as large tiles: what the shown chain says now, and whether the row is right.

import { make } from "./runtime/dom.js";
import { clock } from "./runtime/playback.js";

/**
 * @typedef {object} Data
 * @property {string[]} names Of each bit, inputs first.
 * @property {number} n_inputs
 * @property {boolean} held Whether the inputs are held.
 * @property {number[]} legal Numbers of the legal states.
 * @property {string[]} chain State of the shown chain at each step.
 * @property {number[]} exact Probability that the row is right at each step.
 * @property {import("./runtime/playback.js").Playback} playback
 */

export const styles = ["bit_tiles.css"];

const SURE = 0.9; // from this probability on a right row counts as repaired

/** @type {Record<string, string>} */
const VERDICTS = { wrong: "✗ wrong", right: "✓ right", "": "✓ now" };

/** @param {Data} data */
const buildTiles = (data) => {
  const tiles = data.names.map((name, i) => {
    const className = i < data.n_inputs ? "tile" : "tile tile-out";
    return make("div", { className }, make("small", { textContent: name }), make("b"), make("i"));
  });
  const readout = make("p", { className: "tiles-readout" });
  return { tiles, readout };
};

/**
 * What the tiles say of the row at this moment.
 * @param {Data} data
 */
const reading = (data) => {
  const bits = clock.bitsOf(data.chain), last = data.exact.length - 1;
  const step = Math.min(clock.position, last);
  const right = data.legal.includes(parseInt(bits, 2));
  const byHand = clock.edited !== null;
  const sure = !byHand && data.exact[step] >= SURE;
  const verdict = !right ? "wrong" : sure ? "right" : "";
  const chance = byHand ? null : data.exact[step].toFixed(2);
  return { bits, step, last, right, verdict, chance };
};

/**
 * @param {HTMLElement} root
 * @param {ReturnType<typeof buildTiles>} nodes
 * @param {Data} data
 */
const paint = (root, { tiles, readout }, data) => {
  const { bits, step, last, right, verdict, chance } = reading(data);
  const kept = data.held ? "held" : "free";
  tiles.forEach((tile, i) => {
    const isOutput = i >= data.n_inputs;
    tile.dataset.state = isOutput ? verdict : kept;
    const [, bit, word] = tile.children;
    bit.textContent = bits[i];
    word.textContent = isOutput ? VERDICTS[verdict] : kept;
  });
  readout.textContent = chance
    ? `step ${step} of ${last} · P(right) ${chance} exact` : "set by hand";
  Object.assign(root.dataset, { bits, step, state: verdict });
  root.ariaLabel = data.names.map((name, i) => `${name} is ${bits[i]}`).join(", ")
    + `; the row is ${right ? "right" : "wrong"}`
    + (chance ? `; probability that it is right ${chance}, exact` : "");
};

/** @type {import("./runtime/loader.js").Script["mount"]} */
export const mount = ({ root }) => {
  root.className = "tiles";
  root.role = "group";
  let built = "";
  /** @type {ReturnType<typeof buildTiles>} */
  let nodes;
  return {
    draw: (/** @type {Data} */ data) => {
      const shape = data.names.join() + data.n_inputs;
      if (shape !== built) {
        nodes = buildTiles(data);
        root.replaceChildren(
          make("div", { className: "tiles-row" }, ...nodes.tiles), nodes.readout);
      }
      built = shape;
      clock.follow(root, data.playback, () => paint(root, nodes, data));
    },
  };
};
