// A picture whose pixels can be marked by click and drag, or with the keyboard.

import { hexOf, lineTo, Marks } from "./pixel_painter_marks.js";
import { make, onWidth } from "./runtime/dom.js";
import { brush } from "./runtime/pixels.js";

/** @typedef {import("./pixel_painter_marks.js").Cell} Cell */

/**
 * @typedef {object} Data
 * @property {[number, number]} shape Height and width.
 * @property {boolean} flips Whether a mark turns a pixel over; otherwise it is tinted.
 * @property {[string, string]} words What an unmarked and a marked pixel are called.
 * @property {string} alt With {n} marks of {all} pixels.
 * @property {number} height Pixels on screen, at most.
 * @property {number} brush How many neighbours on each side a stroke covers.
 * @property {string} stamp Another one is another picture.
 * @property {Record<"picture" | "marks", import("./runtime/packing.js").PackedArray>} arrays
 */

export const styles = ["runtime/pictures.css", "pixel_painter.css"];

const FULL = 255;
const LEAST_GRID = 6; // smaller pixels would be all lines
/** @type {Record<string, Cell>} */
const MOVES = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
const ALPHA = { flipped: "66", tinted: "59", grid: "55" };

class PainterView {
  /** @type {Data} */
  #data = /** @type {any} */ (null);
  #marks = new Marks([1, 1], new Uint8Array(1));
  #canvas = make("canvas", { tabIndex: 0, className: "painter", role: "application" });
  #live = make("span", { className: "unseen", ariaLive: "polite" });
  /** Where the keyboard stands. @type {Cell} */
  #at = [0, 0];
  #showsAt = false;
  /** The stroke being drawn: where it came to, and what it makes of pixels. */
  /** @type {{ from: Cell, value: number } | null} */
  #stroke = null;
  #host;
  #forget;

  /** @param {import("./runtime/loader.js").Host} host */
  constructor(host) {
    this.#host = host;
    const canvas = this.#canvas;
    host.root.className = "pix";
    host.root.append(canvas, this.#live);
    canvas.onpointerdown = (event) => this.#press(event);
    canvas.onpointermove = (event) => this.#stroke && this.#draw(this.#cell(event));
    canvas.onpointerup = canvas.onpointercancel = () => this.#release();
    canvas.onkeydown = (event) => this.#key(event);
    canvas.onblur = () => this.repaint();
    canvas.onfocus = () => {
      this.#showsAt = canvas.matches(":focus-visible");
      this.repaint();
    };
    this.#forget = onWidth(host.root, () => this.#data && this.repaint());
  }

  /** @param {Data} data */
  draw(data) {
    // What the viewer is painting wins over what the server knew before.
    if (data.stamp !== this.#data?.stamp)
      this.#marks = new Marks(data.shape, Uint8Array.from(data.arrays.marks.values));
    this.#data = data;
    this.repaint();
  }

  repaint() {
    const { shape: [height, width], alt, height: most } = this.#data;
    const room = Math.min(this.#host.root.clientWidth / width, most / height);
    const size = Math.max(1, Math.floor(room));
    this.#canvas.width = width * size;
    this.#canvas.height = height * size;
    const context = brush(this.#canvas);
    this.#paintPixels(context, size);
    if (size >= LEAST_GRID) this.#paintGrid(context, size);
    if (document.activeElement === this.#canvas && this.#showsAt) this.#paintCell(context, size);
    const { values } = this.#marks, n = values.reduce((a, b) => a + b, 0);
    this.#canvas.ariaLabel = alt.replace("{n}", String(n)).replace("{all}", String(values.length));
  }

  destroy() {
    this.#forget();
  }

  /** @param {string} token */
  #colour(token) {
    return String(this.#host.theme.palette[token]);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} size */
  #paintPixels(context, size) {
    const { shape: [, width], flips, arrays } = this.#data, { values } = arrays.picture;
    const tint = flips
      ? this.#colour("@wrong") + ALPHA.flipped : this.#colour("@positive") + ALPHA.tinted;
    for (let i = 0; i < values.length; i++) {
      const place = [(i % width) * size, Math.floor(i / width) * size, size, size];
      const [x, y, w, h] = place, marked = this.#marks.values[i] === 1;
      const level = flips && marked ? FULL - values[i] : values[i];
      context.fillStyle = `rgb(${level},${level},${level})`;
      context.fillRect(x, y, w, h);
      if (!marked) continue;
      context.fillStyle = tint;
      context.fillRect(x, y, w, h);
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {number} size */
  #paintGrid(context, size) {
    const { shape: [height, width] } = this.#data;
    context.strokeStyle = this.#colour("@grid") + ALPHA.grid;
    context.lineWidth = 1;
    context.beginPath();
    for (let column = 0; column <= width; column++) {
      context.moveTo(column * size + .5, 0);
      context.lineTo(column * size + .5, height * size);
    }
    for (let row = 0; row <= height; row++) {
      context.moveTo(0, row * size + .5);
      context.lineTo(width * size, row * size + .5);
    }
    context.stroke();
  }

  /** @param {CanvasRenderingContext2D} context @param {number} size */
  #paintCell(context, size) {
    const [row, column] = this.#at;
    context.strokeStyle = this.#colour("@negative");
    context.lineWidth = 2;
    context.strokeRect(column * size + 1, row * size + 1, size - 2, size - 2);
  }

  /** @param {PointerEvent} event @returns {Cell} */
  #cell(event) {
    const box = this.#canvas.getBoundingClientRect(), [height, width] = this.#data.shape;
    return [Math.floor(((event.clientY - box.top) / box.height) * height),
      Math.floor(((event.clientX - box.left) / box.width) * width)];
  }

  /** @param {PointerEvent} event */
  #press(event) {
    event.preventDefault();
    this.#canvas.focus();
    this.#showsAt = false;
    this.#canvas.setPointerCapture(event.pointerId);
    const cell = this.#cell(event);
    this.#stroke = { from: cell, value: 1 - this.#marks.at(cell) };
    this.#draw(cell);
  }

  /** @param {Cell} to */
  #draw(to) {
    if (!this.#stroke) return;
    const { from, value } = this.#stroke;
    for (const cell of lineTo(from, to)) this.#marks.set(cell, value, this.#data.brush);
    this.#stroke.from = to;
    this.repaint();
  }

  #release() {
    if (!this.#stroke) return;
    this.#stroke = null;
    this.#send();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const move = MOVES[event.key], presses = event.key === " " || event.key === "Enter";
    if (!move && !presses) return;
    event.preventDefault();
    this.#showsAt = true;
    const value = this.#marks.at(this.#at);
    if (presses) this.#marks.set(this.#at, 1 - value, this.#data.brush);
    else this.#at = this.#marks.nearest([this.#at[0] + move[0], this.#at[1] + move[1]]);
    // With Shift, an arrow draws on what it came from.
    const drags = !presses && event.shiftKey && this.#marks.at(this.#at) !== value;
    if (drags) this.#marks.set(this.#at, value, 0);
    if (presses || drags) this.#send();
    const [row, column] = this.#at, word = this.#data.words[this.#marks.at(this.#at)];
    this.#live.textContent = `row ${row + 1}, column ${column + 1}: ${word}`;
    this.repaint();
  }

  #send() {
    this.#host.setState("marks", hexOf(this.#marks.values));
  }
}

/** @type {import("./runtime/loader.js").Script["mount"]} */
export const mount = (host) => new PainterView(host);
