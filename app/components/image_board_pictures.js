// Grey pictures: in a grid, as a film that plays, and a chain's strip.

import { make } from "./runtime/dom.js";
import { colour, greys, sheet } from "./runtime/pixels.js";
import { Player, prefersStillness } from "./runtime/player.js";

/** @typedef {import("./image_board.js").Panel} Panel */
/** @typedef {import("./image_board.js").Place} Place */
/** @typedef {import("./runtime/packing.js").PackedArray} PackedArray */
/** @typedef {Panel & { count: number }} Pictures */
/** @typedef {Pictures & { labels: string[], loops: boolean, stamp: number }} Film */
/** @typedef {Pictures & { ready: number, steps: string[], framed: number }} Strip */
/**
 * @template {Panel} P
 * @typedef {import("./image_board.js").Drawer<P>} Drawer
 */

const FRAME_MS = 160, HOLD_MS = 2400;

/**
 * @param {Place} place
 * @param {HTMLCanvasElement} canvas
 * @param {Pictures} panel
 * @param {ArrayLike<number>} values
 * @param {Partial<import("./runtime/pixels.js").Layout>} [settings]
 */
const drawGrid = ({ host, area }, canvas, panel, values, settings = {}) => {
  const [height, width] = panel.shape, { count, tiles } = panel;
  sheet(canvas, values, {
    count, height, width, columns: tiles, table: greys,
    between: colour(host.theme.palette["@grid"]), room: [area.clientWidth, panel.height],
    ...settings,
  });
};

/** @param {Place} place @returns {Drawer<Pictures>} */
export const makePictures = (place) => {
  const canvas = make("canvas", { role: "img" });
  place.area.append(canvas);
  /** @type {() => void} */
  let repaint = () => {};
  return {
    draw: (panel, { values }) => {
      canvas.ariaLabel = panel.alt;
      place.say(panel.note);
      repaint = () => drawGrid(place, canvas, panel, values);
      repaint();
    },
    repaint: () => repaint(),
  };
};

/**
 * Frames after one another; the last is held, then it begins again, until somebody pauses it.
 * @param {Place} place
 * @returns {Drawer<Film>}
 */
export const makeFilm = (place) => {
  const canvas = make("canvas", { role: "img" });
  const button = make("button", { type: "button", className: "toggle" });
  place.area.append(canvas);
  place.head.append(button);
  /** @type {Film} */
  let film;
  /** @type {PackedArray["values"]} */
  let values;
  let wanted = !prefersStillness();
  const player = new Player({
    loops: true,
    wait: (frame) => (frame >= player.last ? HOLD_MS : FRAME_MS),
    show: (frame) => {
      drawGrid(place, canvas, film, values, { first: frame * film.count });
      canvas.ariaLabel = film.alt;
      place.say(film.labels[frame]);
    },
    toggled: () => {
      button.textContent = player.playing ? "❚❚" : "▶";
      button.ariaLabel = player.playing ? "Pause the dream" : "Play the dream";
    },
  });
  button.onclick = () => {
    wanted = !wanted;
    if (wanted) player.play(); else player.stopAt(player.last);
  };
  return {
    draw: (panel, array) => {
      const same = film?.stamp === panel.stamp;
      film = panel;
      values = array.values;
      if (same) return;
      player.last = film.labels.length - 1;
      player.stopAt(player.last);
      button.hidden = !film.loops || player.last === 0;
      if (wanted && !button.hidden) player.play();
    },
    repaint: () => drawGrid(place, canvas, film, values, { first: player.position * film.count }),
    stop: () => player.pause(),
  };
};

/**
 * Chains at chosen steps, a column each; those that are not reached yet stand empty.
 * @param {Place} place
 * @returns {Drawer<Strip>}
 */
export const makeStrip = (place) => {
  const { area } = place;
  area.classList.add("strip");
  /** @type {{ figure: HTMLElement, caption: HTMLElement, canvas: HTMLCanvasElement }[]} */
  let columns = [];
  /** @type {() => void} */
  let repaint = () => {};
  const build = (/** @type {string[]} */ steps) => {
    columns = steps.map(() => {
      const caption = make("figcaption"), canvas = make("canvas", { role: "img" });
      return { figure: make("figure", {}, caption, canvas), caption, canvas };
    });
    area.replaceChildren(...columns.map(({ figure }) => figure));
  };
  const paint = (/** @type {Strip} */ panel, /** @type {PackedArray} */ { values }) => {
    const { count, ready, steps, shape: [height, width] } = panel;
    const room = (area.clientWidth - 8 * (steps.length - 1)) / steps.length - 8;
    const blank = new Uint8Array(count * height * width).fill(128);
    columns.forEach(({ figure, caption, canvas }, i) => {
      const waits = i >= ready;
      figure.classList.toggle("framed", i === panel.framed);
      figure.classList.toggle("waits", waits);
      caption.textContent = steps[i];
      drawGrid(place, canvas, panel, waits ? blank : values,
        { first: waits ? 0 : i * count, gap: 2, room: [room, panel.height] });
      canvas.ariaLabel = `${panel.alt} Step ${steps[i]}${waits ? ": not reached yet" : ""}.`;
    });
  };
  return {
    draw: (panel, array) => {
      if (columns.length !== panel.steps.length) build(panel.steps);
      place.say(panel.note);
      repaint = () => paint(panel, array);
      repaint();
    },
    repaint: () => repaint(),
  };
};
