// Plays a chain step by step, in the browser: every step is here, nothing is asked of the server.

import { make, makeSvg, onWidth } from "./runtime/dom.js";
import { number } from "./runtime/numbers.js";
import { bitsOf } from "./runtime/packing.js";
import { colour, greys, sheet } from "./runtime/pixels.js";
import { Player, prefersStillness } from "./runtime/player.js";

/**
 * @typedef {object} Data
 * @property {[number, number]} shape Height and width of one picture.
 * @property {number} count Chains.
 * @property {number} n_steps
 * @property {boolean} bits Whether eight pixels travel in a byte.
 * @property {number[]} energies Mean free energy at every step, nats.
 * @property {string} alt
 * @property {number} height Pixels on screen, at most.
 * @property {Record<"play" | "pause" | "caption" | "step" | "curve", string>} labels
 * @property {number} stamp Another one is another chain.
 * @property {{ frames: import("./runtime/packing.js").PackedArray }} arrays
 */

export const styles = ["runtime/pictures.css", "chain_player.css"];

const RATES = ["2", "8", "25", "60"];
const WIDTH = 1000, HEIGHT = 80, MARGIN = 4;
const NOISE_STEPS = 3;

/**
 * The energies as points of a line. Noise lies far above everything else: the first steps run out
 * of the picture.
 * @param {number[]} energies
 */
export const curvePoints = (energies) => {
  const last = energies.length - 1, later = energies.slice(Math.min(NOISE_STEPS, last));
  const low = Math.min(...later), span = Math.max(...later) - low || 1;
  const room = HEIGHT - 2 * MARGIN;
  return energies.map((energy, i) =>
    [(i / last) * WIDTH, MARGIN + room * (1 - (energy - low) / span)]);
};

const buildCurve = () => {
  const still = { "vector-effect": "non-scaling-stroke" };
  const line = makeSvg("polyline", { ...still, class: "curve" });
  const cursor = makeSvg("line", { ...still, class: "cursor", x1: 0, x2: 0, y1: 0, y2: HEIGHT });
  const box = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" };
  return { svg: makeSvg("svg", { ...box, role: "img" }, line, cursor), line, cursor };
};

const buildBar = () => {
  const button = (/** @type {string} */ textContent, /** @type {string} */ ariaLabel) =>
    make("button", { type: "button", textContent, ariaLabel });
  const back = button("◀", "One step back"), on = button("▶", "One step on");
  const play = make("button", { type: "button" });
  const slider = make("input", { type: "range", min: "0", step: "1", ariaLabel: "Gibbs step" });
  const rate = make("select", { ariaLabel: "Steps per second" },
    ...RATES.map((value) => make("option", { value, textContent: `${value} steps/s` })));
  rate.value = RATES[1];
  const label = make("output");
  const bar = make("div", { className: "bar" }, back, play, on, slider, label, rate);
  return { bar, back, play, on, slider, rate, label };
};

class ChainView {
  /** @type {Data} */
  #data = /** @type {any} */ (null);
  #canvas = make("canvas", { role: "img" });
  #caption = make("small");
  #curve = buildCurve();
  #bar = buildBar();
  #host;
  #player;
  #forget;

  /** @param {import("./runtime/loader.js").Host} host */
  constructor(host) {
    this.#host = host;
    const { root } = host, { bar, back, play, on, slider, rate } = this.#bar;
    root.className = "pix player";
    root.append(this.#canvas, bar, this.#caption, this.#curve.svg);
    const player = this.#player = new Player({
      show: () => this.repaint(),
      wait: () => 1000 / Number(rate.value),
      toggled: () => this.#sayWhat(),
    });
    play.onclick = () => player.toggle();
    back.onclick = () => player.stopAt(player.position - 1);
    on.onclick = () => player.stopAt(player.position + 1);
    slider.oninput = () => player.stopAt(Number(slider.value));
    root.onkeydown = (event) => this.#key(event);
    this.#forget = onWidth(root, () => this.#data && this.repaint());
  }

  /** @param {Data} data */
  draw(data) {
    const same = data.stamp === this.#data?.stamp;
    this.#data = data;
    if (same) return;
    const { labels, energies, n_steps: last } = data;
    this.#caption.textContent = labels.caption;
    this.#curve.line.setAttribute("points", curvePoints(energies).join(" "));
    this.#curve.svg.ariaLabel = labels.curve.replace("{first}", number(energies[0], 1))
      .replace("{last}", number(energies[last], 1));
    this.#bar.slider.max = String(last);
    this.#player.last = last;
    this.#player.stopAt(0);
    this.#sayWhat();
    if (!prefersStillness()) this.#player.play();
  }

  repaint() {
    const { shape: [height, width], count, bits, arrays, labels, energies, alt } = this.#data;
    const at = this.#player.position, last = this.#player.last, { values } = arrays.frames;
    const seen = bits ? bitsOf(values, at * count, height * width, count) : values;
    sheet(this.#canvas, seen, {
      first: bits ? 0 : at * count, count, height, width, columns: count, gap: 6, table: greys,
      between: colour(this.#host.theme.palette["@grid"]),
      room: [this.#host.root.clientWidth, this.#data.height],
    });
    const said = labels.step.replace("{step}", String(at)).replace("{last}", String(last))
      .replace("{energy}", number(energies[at], 1));
    const { label, slider } = this.#bar;
    label.textContent = slider.ariaValueText = said;
    slider.value = String(at);
    this.#canvas.ariaLabel = `${alt} ${said}.`;
    this.#curve.cursor.setAttribute("transform", `translate(${(at / last) * WIDTH} 0)`);
  }

  destroy() {
    this.#forget();
    this.#player.pause();
  }

  #sayWhat() {
    const { labels } = this.#data;
    this.#bar.play.textContent =
      this.#player.playing ? `❚❚ ${labels.pause}` : `▶ ${labels.play}`;
  }

  /** Space plays and pauses, wherever it does nothing else. @param {KeyboardEvent} event */
  #key(event) {
    const busy = event.target instanceof HTMLButtonElement
      || event.target instanceof HTMLSelectElement;
    if (event.key !== " " || busy) return;
    event.preventDefault();
    this.#player.toggle();
  }
}

/** @type {import("./runtime/loader.js").Script["mount"]} */
export const mount = (host) => new ChainView(host);
