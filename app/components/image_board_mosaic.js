// Receptive fields in one mosaic: a click or Enter enlarges one, the pointer reads its weights.

import { make } from "./runtime/dom.js";
import { number } from "./runtime/numbers.js";
import { colour, diverging, sheet } from "./runtime/pixels.js";

/** @typedef {import("./image_board.js").Place} Place */
/** @typedef {import("./runtime/pixels.js").Geometry} Geometry */
/** @typedef {import("./runtime/packing.js").PackedArray} PackedArray */

/**
 * @typedef {object} MosaicParts
 * @property {number} full The level that has the whole colour.
 * @property {number[]} units Number of each field's unit.
 * @property {number[]} scales Weight of a full level, by field.
 * @property {number[]} norms
 * @property {number[] | null} uses Mean activity of each field's unit.
 * @typedef {import("./image_board.js").Panel & MosaicParts} Mosaic
 */

/**
 * What a unit is, in words.
 * @param {Mosaic} panel
 * @param {number} tile
 */
const unitText = ({ units, norms, uses }, tile) => {
  const use = uses ? ` · on ${Math.round(100 * uses[tile])} %` : "";
  return `unit ${units[tile]} · norm ${norms[tile].toFixed(2)}${use}`;
};

/**
 * Which pixel of which field lies at a point of the canvas, if any.
 * @param {Geometry} geometry
 * @param {Pick<Mosaic, "shape" | "tiles" | "units">} panel
 * @param {number | null} zoom The only field there is, if it is enlarged.
 * @param {{ x: number, y: number }} point
 */
export const pixelAt = ({ pixel, edge, across, down }, { shape, tiles, units }, zoom, point) => {
  const [height, width] = shape, x = point.x - edge, y = point.y - edge;
  if (x < 0 || y < 0) return null;
  const one = zoom !== null;
  if (!one && x >= tiles * across) return null;
  const tile = one ? zoom : Math.floor(y / down) * tiles + Math.floor(x / across);
  const row = Math.floor((one ? y : y % down) / pixel);
  const column = Math.floor((one ? x : x % across) / pixel);
  return tile < units.length && row < height && column < width ? { tile, row, column } : null;
};

/** @returns {import("./image_board.js").Drawer<Mosaic>} */
export const makeMosaic = (/** @type {Place} */ place) => {
  const view = new MosaicView(place);
  return {
    draw: (panel, array) => {
      view.panel = panel;
      view.values = array.values;
      view.show();
    },
    repaint: () => view.show(),
  };
};

class MosaicView {
  /** @type {Mosaic} */
  panel = /** @type {any} */ (null);
  /** @type {PackedArray["values"]} */
  values = new Int8Array();
  /** The field that is enlarged. @type {number | null} */
  #zoom = null;
  // The field that the keyboard has come to.
  #at = 0;
  /** @type {Geometry} */
  #geometry = { pixel: 1, edge: 0, across: 1, down: 1 };
  #canvas = make("canvas", { tabIndex: 0, role: "img" });
  #mark = make("i", { className: "mark", hidden: true });
  #live = make("span", { className: "unseen", ariaLive: "polite" });
  #place;

  /** @param {Place} place */
  constructor(place) {
    this.#place = place;
    const canvas = this.#canvas;
    place.area.append(canvas, this.#mark, this.#live);
    canvas.onmousemove = (event) => place.say(this.#read(event));
    canvas.onmouseleave = () => place.say(this.#words());
    canvas.onclick = (event) => this.#click(event);
    canvas.onkeydown = (event) => this.#key(event);
    canvas.onfocus = canvas.onblur = () => this.show();
  }

  show() {
    const { panel } = this;
    if (this.#zoom !== null && this.#zoom >= panel.units.length) this.#zoom = null;
    this.#at = Math.min(this.#at, panel.units.length - 1);
    this.#draw();
    const canvas = this.#canvas, zoom = this.#zoom;
    canvas.style.cursor = zoom === null ? "zoom-in" : "zoom-out";
    canvas.ariaLabel = zoom === null ? panel.alt : `${unitText(panel, zoom)}. ${panel.alt}`;
    this.#place.say(this.#words());
    this.#markField();
  }

  #draw() {
    const { panel, values } = this, { host, area } = this.#place, one = this.#zoom !== null;
    const [height, width] = panel.shape, { palette } = host.theme;
    this.#geometry = sheet(this.#canvas, values, {
      first: this.#zoom ?? 0, count: one ? 1 : panel.units.length, height, width,
      columns: one ? 1 : panel.tiles, table: diverging(palette, panel.full), shift: 128,
      between: colour(palette["@grid"]), room: [area.clientWidth, panel.height],
    });
  }

  /** Frame the field that the keyboard has come to. */
  #markField() {
    const canvas = this.#canvas, { across, down, edge } = this.#geometry, { tiles } = this.panel;
    const marked = this.#zoom === null && canvas.matches(":focus-visible");
    this.#mark.hidden = !marked;
    Object.assign(this.#mark.style, {
      left: `${(this.#at % tiles) * across}px`, top: `${Math.floor(this.#at / tiles) * down}px`,
      width: `${across + edge}px`, height: `${down + edge}px`,
    });
  }

  #words() {
    return this.#zoom === null ? this.panel.note : unitText(this.panel, this.#zoom);
  }

  /** @param {MouseEvent} event */
  #pixel(event) {
    const box = this.#canvas.getBoundingClientRect();
    const point = { x: event.clientX - box.left, y: event.clientY - box.top };
    return pixelAt(this.#geometry, this.panel, this.#zoom, point);
  }

  /** The weight under the pointer. @param {MouseEvent} event */
  #read(event) {
    const { panel, values } = this, at = this.#pixel(event);
    if (!at) return panel.note;
    const [height, width] = panel.shape, { tile, row, column } = at;
    const level = values[(tile * height + row) * width + column];
    const weight = number((level / panel.full) * panel.scales[tile], 2);
    return `unit ${panel.units[tile]} · pixel ${row + 1}, ${column + 1} · w ${weight}`;
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const at = this.#pixel(event);
    if (this.#zoom !== null) this.#zoom = null;
    else if (at) this.#zoom = this.#at = at.tile;
    this.show();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { panel } = this;
    /** @type {Record<string, number>} */
    const moves =
      { ArrowRight: 1, ArrowLeft: -1, ArrowDown: panel.tiles, ArrowUp: -panel.tiles };
    const step = moves[event.key];
    if (step) this.#at = Math.max(0, Math.min(panel.units.length - 1, this.#at + step));
    else if (event.key === "Enter" || event.key === " ")
      this.#zoom = this.#zoom === null ? this.#at : null;
    else if (event.key === "Escape") this.#zoom = null;
    else return;
    event.preventDefault();
    if (step && this.#zoom !== null) this.#zoom = this.#at;
    this.show();
    this.#place.say((this.#live.textContent = unitText(panel, this.#at)));
  }
}
