// The parts of the unit diagram: where units, edges and bars lie, and how they answer the pointer.

import { makeSvg } from "./runtime/dom.js";

/**
 * One unit of the drawing.
 * @typedef {object} Unit
 * @property {SVGGElement} unit
 * @property {SVGCircleElement} body
 * @property {SVGCircleElement} ring
 * @property {SVGTextElement} text
 * @property {SVGTitleElement} title
 */

/**
 * @typedef {object} Units
 * @property {SVGSVGElement} svg
 * @property {boolean} crowded Whether there is little room for words.
 * @property {{ line: SVGLineElement, title: SVGTitleElement }[][]} edges By visible unit.
 * @property {{ bar: SVGRectElement, text: SVGTextElement }[]} bars One for each push.
 * @property {Unit[]} hidden
 * @property {Unit[]} visible
 */

/** @typedef {"visible" | "hidden"} Layer */

const HEIGHT = 302, MIN_WIDTH = 240, MAX_WIDTH = 640;
const BAR_MIDDLE = 52, NAME_Y = 106, HIDDEN_Y = 136, VISIBLE_Y = 252;
// Without bars, the drawing begins lower down.
const GIVEN_TOP = 92, GIVEN_HEIGHT = 190, GIVEN_VISIBLE_Y = 230;
const VISIBLE_RADIUS = 25, MAX_RADIUS = 21, WORDS_RADIUS = 17;

const spread = (/** @type {number} */ width, /** @type {number} */ n) =>
  Array.from({ length: n }, (_, i) => (width * (i + 0.5)) / n);

/**
 * @param {Layer} layer
 * @param {number} index
 * @param {{ x: number, y: number, radius: number, textY: number, textClass: string }} place
 * @returns {Unit}
 */
const buildUnit = (layer, index, { x, y, radius, textY, textClass }) => {
  const circle = (/** @type {string} */ name) =>
    makeSvg("circle", { cx: x, cy: y, r: radius, class: name });
  const title = makeSvg("title"), body = circle("body"), ring = circle("ring");
  const text = makeSvg("text", { x, y: textY, class: textClass });
  const unit = makeSvg("g", { class: `unit ${layer}`, "data-unit": index },
    title, circle("back"), body, ring, text);
  return { unit, body, ring, text, title };
};

/**
 * A unit under the pointer or the keyboard shows its own edges alone.
 * @param {SVGSVGElement} svg
 * @param {Layer} layer
 * @param {SVGGElement} unit
 */
const highlight = (svg, layer, unit) => {
  /** @type {NodeListOf<SVGLineElement>} */
  const edges = svg.querySelectorAll(".edge");
  const focus = (/** @type {boolean} */ on) => edges.forEach((edge) =>
    edge.classList.toggle("faded", on && edge.dataset[layer] !== unit.dataset.unit));
  unit.addEventListener("mouseenter", () => focus(true));
  unit.addEventListener("mouseleave", () => focus(false));
  unit.addEventListener("focus", () => unit.matches(":focus-visible") && focus(true));
  unit.addEventListener("blur", () => focus(false));
};

/**
 * @param {SVGGElement} unit
 * @param {() => void} press
 */
const makePressable = (unit, press) => {
  unit.role = "button";
  unit.tabIndex = 0;
  unit.addEventListener("click", press);
  unit.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    press();
  });
};

/**
 * @param {number[]} visibleX
 * @param {number[]} hiddenX
 * @param {number} visibleY
 * @returns {Units["edges"]}
 */
const buildEdges = (visibleX, hiddenX, visibleY) => visibleX.map((x1, i) => hiddenX.map((x2, j) => {
  const title = makeSvg("title");
  const place = { x1, x2, y1: visibleY, y2: HIDDEN_Y, class: "edge" };
  return { title, line: makeSvg("line", { ...place, "data-visible": i, "data-hidden": j }, title) };
}));

const nameAt = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ name) =>
  makeSvg("text", { x, y, class: "name" }, document.createTextNode(name));

/**
 * What pushes on the output: a bar for each hidden unit, and one for the bias.
 * @param {number[]} columns
 * @param {number} radius
 * @returns {Units["bars"]}
 */
const buildBars = (columns, radius) => columns.map((x) => ({
  bar: makeSvg("rect", { x: x - radius * 0.7, width: radius * 1.4, class: "bar" }),
  text: makeSvg("text", { x, class: "number" }),
}));

/**
 * Lay out a machine in pixels of the screen, so that type keeps its size in a narrow column.
 * @param {number} room Width there is.
 * @param {string[]} names Of the visible units.
 * @param {number} nHidden
 * @param {((unit: number) => void) | null} flip What a press on a visible unit does; without it
 *   the machine is only looked at, and there are no bars.
 * @returns {Units}
 */
export const buildUnits = (room, names, nHidden, flip) => {
  const width = Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, room));
  const radius = Math.min(MAX_RADIUS, (0.44 * width) / (nHidden + 1));
  const crowded = radius < WORDS_RADIUS, visibleY = flip ? VISIBLE_Y : GIVEN_VISIBLE_Y;
  const columns = spread(width, flip ? nHidden + 1 : nHidden), hiddenX = columns.slice(0, nHidden);
  const visibleX = spread(width, names.length);
  const edges = buildEdges(visibleX, hiddenX, visibleY);
  const bars = flip ? buildBars(columns, radius) : [];
  const hidden = hiddenX.map((x, j) => buildUnit("hidden", j,
    { x, y: HIDDEN_Y, radius, textY: HIDDEN_Y + 4.5, textClass: "value" }));
  const visible = visibleX.map((x, i) => buildUnit("visible", i,
    { x, y: visibleY, radius: VISIBLE_RADIUS, textY: visibleY + 8, textClass: "digit" }));
  const axis = makeSvg("line",
    { x1: 4, x2: width - 4, y1: BAR_MIDDLE, y2: BAR_MIDDLE, class: "axis" });
  const box = flip ? [0, 0, width, HEIGHT] : [0, GIVEN_TOP, width, GIVEN_HEIGHT];
  const svg = makeSvg("svg", { role: "group", viewBox: box.join(" ") },
    ...(flip ? [axis] : []), ...edges.flat().map(({ line }) => line),
    ...bars.flatMap(({ bar, text }) => [bar, text]), ...hidden.map(({ unit }) => unit),
    ...columns.map((x, j) => nameAt(x, NAME_Y, j < nHidden ? `h${j + 1}` : "bias")),
    ...visible.map(({ unit }) => unit));
  visible.forEach(({ unit }, i) => {
    unit.append(nameAt(visibleX[i], visibleY + 44, names[i]));
    if (flip) makePressable(unit, () => flip(i));
    highlight(svg, "visible", unit);
  });
  for (const { unit } of hidden) highlight(svg, "hidden", unit);
  return { svg, crowded, edges, bars, hidden, visible };
};
