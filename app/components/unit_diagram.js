// The machine as a drawing: visible units below, hidden above, what they push on the output on top.
// Every number comes from the server, for all visible states; a click needs no answer to be seen.
// With `given` it draws one joint state instead, to look at: no pushes, no clicks.

import { make, onWidth } from "./runtime/dom.js";
import { number, short, signed } from "./runtime/numbers.js";
import { clock } from "./runtime/playback.js";
import { buildUnits } from "./unit_diagram_units.js";

/** @typedef {import("./unit_diagram_units.js").Units} Units */

/**
 * A machine, and either a chain to play or one joint state.
 * @typedef {object} Data
 * @property {string[]} names Of each visible unit.
 * @property {number[][]} weights By visible unit, then by hidden unit.
 * @property {number[]} visible_bias
 * @property {number[]} hidden_bias
 * @property {Moving} [moving]
 * @property {import("./runtime/playback.js").Playback} [playback] With `moving`.
 * @property {Given} [given]
 */

/**
 * @typedef {object} Moving
 * @property {number[][]} p_hidden p(h given v) of every visible state.
 * @property {number[][]} pushes Pushes on the output of every visible state, the bias last.
 * @property {number} push_scale The largest of them.
 * @property {number} output Number of the visible unit that is pushed.
 * @property {string[]} chain State of the shown chain at each step.
 */

/**
 * @typedef {object} Given
 * @property {string} heading What is drawn.
 * @property {number[]} v
 * @property {number[] | null} h None where there is no hidden state yet.
 * @property {"visible" | "hidden"} sender Layer whose lit units' edges stand out.
 */

export const styles = ["unit_diagram.css"];

const BAR_MIDDLE = 52, BAR_HEIGHT = 34;

// At least one: the weights of a machine that is asleep shall look like nothing.
const largest = (/** @type {number[]} */ values) => Math.max(1, ...values.map(Math.abs));
const colour = (/** @type {number} */ value) =>
  (value < 0 ? "var(--negative)" : "var(--positive)");

/**
 * @param {Units} units
 * @param {Data} data
 */
const paintWeights = (units, data) => {
  const scale = largest(data.weights.flat());
  units.edges.forEach((row, i) => row.forEach(({ line, title }, j) => {
    const weight = data.weights[i][j];
    line.style.stroke = colour(weight);
    line.style.strokeWidth = String(0.6 + (7 * Math.abs(weight)) / scale);
    title.textContent = `weight ${data.names[i]} – h${j + 1}: ${signed(weight, 2)}`;
  }));
  const biasScale = largest([...data.visible_bias, ...data.hidden_bias]);
  const paintRing = (/** @type {SVGElement} */ ring, /** @type {number} */ bias) => {
    ring.style.stroke = colour(bias);
    ring.style.strokeWidth = String(1 + (5 * Math.abs(bias)) / biasScale);
  };
  units.visible.forEach(({ ring }, i) => paintRing(ring, data.visible_bias[i]));
  units.hidden.forEach(({ ring }, j) => paintRing(ring, data.hidden_bias[j]));
};

/**
 * The visible layer, and which edges rest.
 * @param {Units} units
 * @param {ArrayLike<number | string>} bits
 * @param {(i: number, j: number) => boolean} rests
 */
const paintVisible = (units, bits, rests) => units.visible.forEach(({ unit, text }, i) => {
  unit.classList.toggle("lit", Number(bits[i]) === 1);
  text.textContent = String(bits[i]);
  units.edges[i].forEach(({ line }, j) => line.classList.toggle("resting", rests(i, j)));
});

/**
 * @param {Units} units
 * @param {number[]} chances Of each hidden unit.
 * @param {number[]} biases
 */
const paintChances = (units, chances, biases) => units.hidden.forEach((hidden, j) => {
  const { unit, body, text, title } = hidden, p = chances[j];
  body.style.fillOpacity = String(p);
  unit.classList.toggle("lit", p > 0.5);
  text.textContent = units.crowded ? "" : short(p);
  title.textContent =
    `h${j + 1} is on with probability ${p.toFixed(3)}; bias ${signed(biases[j], 2)}`;
});

/**
 * @param {Units} units
 * @param {number[]} pushes
 * @param {number} scale
 */
const paintPushes = (units, pushes, scale) => units.bars.forEach(({ bar, text }, j) => {
  const height = (BAR_HEIGHT * Math.abs(pushes[j])) / scale, up = pushes[j] >= 0;
  bar.setAttribute("y", String(up ? BAR_MIDDLE - height : BAR_MIDDLE));
  bar.setAttribute("height", String(height));
  bar.style.fill = colour(pushes[j]);
  text.setAttribute("y", String(up ? BAR_MIDDLE + 13 : BAR_MIDDLE - 4));
  text.textContent = signed(pushes[j], units.crowded ? 0 : 1);
});

/**
 * One moment of the shown chain; returns the bits, and the sum of what pushes.
 * @param {Units} units
 * @param {Data} data
 * @param {Moving} moving
 */
const paintMoving = (units, data, moving) => {
  const bits = clock.bitsOf(moving.chain), state = parseInt(bits, 2);
  const p = moving.p_hidden[state], pushes = moving.pushes[state];
  paintVisible(units, bits, (i) => bits[i] !== "1");
  units.visible.forEach(({ unit }, i) => {
    unit.ariaPressed = String(bits[i] === "1");
    unit.ariaLabel =
      `${data.names[i]} is ${bits[i]}, bias ${signed(data.visible_bias[i])}; press to flip`;
  });
  paintChances(units, p, data.hidden_bias);
  paintPushes(units, pushes, moving.push_scale);
  const sum = pushes.reduce((a, b) => a + b, 0), out = data.names[moving.output];
  const acting = p.map((value, j) =>
    `h${j + 1} on with ${value.toFixed(2)}, pushes ${signed(pushes[j])}`);
  units.svg.ariaLabel = "Unit diagram. "
    + data.names.map((name, i) => `${name} = ${bits[i]}`).join(", ") + ". " + acting.join("; ")
    + `; bias pushes ${signed(pushes[pushes.length - 1])}. Together ${signed(sum)} on ${out}.`;
  const towards = Math.abs(sum) < 0.05 ? "undecided" : `towards ${out} = ${sum > 0 ? 1 : 0}`;
  return { bits, sum: `Together ${signed(sum)}: ${towards}` };
};

/**
 * One joint state: lit units, and the edges that carry something to the layer drawn next.
 * @param {Units} units
 * @param {Data} data
 * @param {Given} given
 */
const paintGiven = (units, data, { heading, v, h, sender }) => {
  paintVisible(units, v, (i, j) => (sender === "visible" ? v[i] : h?.[j]) !== 1);
  units.hidden.forEach(({ unit, body, text, title }, j) => {
    unit.classList.toggle("lit", h?.[j] === 1);
    body.style.fillOpacity = String(h?.[j] ?? 0);
    text.textContent = h ? number(h[j], 0) : "?";
    title.textContent = `h${j + 1}: bias ${signed(data.hidden_bias[j], 2)}`;
  });
  units.svg.role = "img";
  units.svg.ariaLabel = `${heading}. `
    + data.names.map((name, i) => `${name} = ${v[i]}`).join(", ") + ". "
    + units.hidden.map((_, j) => `h${j + 1} = ${h?.[j] ?? "not drawn yet"}`).join(", ") + ".";
};

const buildFrame = () => {
  const heading = make("span", { className: "heading" });
  const sum = make("span", { className: "sum", ariaLive: "off" });
  const stage = make("div");
  const key = (/** @type {string} */ name, /** @type {string} */ text) =>
    make("span", {}, make("b", { className: name }), text);
  const hint = make("span", { className: "hint", textContent: "click a unit to flip it" });
  const legend = make("p", { className: "legend" }, key("positive", "excites"),
    key("negative", "inhibits"), make("span", { textContent: "ring: bias" }), hint);
  return { heading, sum, stage, hint,
    all: [make("p", { className: "top" }, heading, sum), stage, legend] };
};

/**
 * Say what is drawn.
 * @param {ReturnType<typeof buildFrame>} frame
 * @param {Data} data
 */
const paintFrame = ({ heading, hint, stage }, { names, given, moving }) => {
  stage.classList.toggle("given", Boolean(given));
  hint.hidden = Boolean(given);
  heading.textContent = given?.heading ?? `What pushes on ${names[moving?.output ?? 0]}`;
};

/** @type {import("./runtime/loader.js").Script["mount"]} */
export const mount = ({ root, setState }) => {
  const frame = buildFrame();
  root.className = "units";
  root.append(...frame.all);
  /** @type {Data} */
  let data;
  /** @type {Units} */
  let units;
  let built = "";

  const flip = (/** @type {number} */ unit) =>
    setState("edit", clock.flipBit(root.dataset.bits ?? "", unit));
  const build = () => {
    const { names, hidden_bias: hidden, given } = data;
    units = buildUnits(root.clientWidth, names, hidden.length, given ? null : flip);
    frame.stage.replaceChildren(units.svg);
    paint();
  };
  const paint = () => {
    const { given, moving, playback } = data;
    paintWeights(units, data);
    if (given) paintGiven(units, data, given);
    if (moving && playback)
      clock.follow(root, playback, () => {
        const { bits, sum } = paintMoving(units, data, moving);
        frame.sum.textContent = sum;
        Object.assign(root.dataset, { bits, flips: clock.flips });
      });
  };
  // Another width is another drawing.
  const forget = onWidth(root, () => {
    if (data) build();
  });
  return {
    draw: (/** @type {Data} */ now) => {
      data = now;
      paintFrame(frame, data);
      const shape = [data.names, data.hidden_bias.length].join();
      if (shape === built) paint(); else build();
      built = shape;
    },
    destroy: forget,
  };
};
