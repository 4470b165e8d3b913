// A board of pictures: weights as one mosaic, grids of images, a chain's strip, a small film.
// Everything is sent whole with each update; zoom and playing live here and survive updates.

import { makeMosaic } from "./image_board_mosaic.js";
import { makeFilm, makePictures, makeStrip } from "./image_board_pictures.js";
import { make, onWidth } from "./runtime/dom.js";

/** @typedef {import("./runtime/loader.js").Host} Host */
/** @typedef {import("./runtime/packing.js").PackedArray} PackedArray */

/**
 * What app/components/image_board.py says of every panel.
 * @typedef {object} Panel
 * @property {string} name
 * @property {"mosaic" | "pictures" | "film" | "strip"} kind
 * @property {string} array Which array holds its pixels.
 * @property {string} title
 * @property {string} alt
 * @property {string} note
 * @property {[number, number]} shape Height and width of one picture.
 * @property {number} height Pixels on screen, at most.
 * @property {number} tiles Pictures in a line.
 */

/**
 * Where a panel is drawn.
 * @typedef {object} Place
 * @property {Host} host
 * @property {HTMLElement} head
 * @property {HTMLElement} area
 * @property {(text: string) => void} say Shows a few words below the heading.
 */

/**
 * What draws a panel.
 * @template {Panel} P
 * @typedef {object} Drawer
 * @property {(panel: P, array: PackedArray) => void} draw
 * @property {() => void} repaint Draws the same again, in another width or theme.
 * @property {() => void} [stop]
 */

/**
 * @typedef {object} Data
 * @property {string} columns Widths of the columns, as CSS says it.
 * @property {Panel[]} panels
 * @property {Record<string, PackedArray>} arrays
 */

export const styles = ["runtime/pictures.css", "image_board.css"];

/** @type {Record<Panel["kind"], (place: Place) => Drawer<any>>} */
const KINDS = { mosaic: makeMosaic, pictures: makePictures, film: makeFilm, strip: makeStrip };

/**
 * @param {Host} host
 * @param {Panel} panel
 */
const buildPanel = (host, { name, kind }) => {
  const title = make("span", { className: "title" }), note = make("small");
  const head = make("h3", {}, title), area = make("div", { className: "area" });
  const box = make("section", { className: "panel" }, head, note, area);
  box.dataset.panel = name;
  const say = (/** @type {string} */ text) => {
    note.textContent = text;
    head.title = [title.textContent, text].filter(Boolean).join(" · ");
  };
  return { box, title, drawer: KINDS[kind]({ host, head, area, say }) };
};

/** @type {import("./runtime/loader.js").Script["mount"]} */
export const mount = (host) => {
  const { root } = host;
  root.className = "pix";
  /** @type {ReturnType<typeof buildPanel>[]} */
  let nodes = [];
  let built = "", updates = 0;
  const stop = () => nodes.forEach(({ drawer }) => drawer.stop?.());
  const repaint = () => nodes.forEach(({ drawer }) => drawer.repaint());
  const forget = onWidth(root, repaint);
  return {
    draw: (/** @type {Data} */ { panels, columns, arrays }) => {
      const names = panels.map(({ name, kind }) => `${name}:${kind}`).join();
      if (names !== built) {
        stop();
        nodes = panels.map((panel) => buildPanel(host, panel));
        root.replaceChildren(...nodes.map(({ box }) => box));
      }
      built = names;
      root.style.gridTemplateColumns = columns;
      panels.forEach((panel, i) => {
        nodes[i].title.textContent = panel.title;
        nodes[i].drawer.draw(panel, arrays[panel.array]);
      });
      updates += 1;
      root.dataset.updates = String(updates);
    },
    repaint,
    destroy: () => {
      forget();
      stop();
    },
  };
};
