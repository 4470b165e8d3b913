// A board of live charts: updates keep the zoom, a film is scrubbed and played in the browser.

import { make } from "./runtime/dom.js";
import { enlarge, paint, patched } from "./runtime/figures.js";
import { Player } from "./runtime/player.js";
import { loadPlotly, plot, purge } from "./runtime/plot.js";

/**
 * One chart, as app/components/live_board.py describes it.
 * @typedef {object} Panel
 * @property {string} name
 * @property {string} title
 * @property {string} note
 * @property {string} alt
 * @property {number} height Pixels.
 * @property {import("./runtime/figures.js").Figure} figure
 */

/**
 * What differs in a panel at a moment of the film.
 * @typedef {object} Patch
 * @property {Record<string, any>} [data] Changed settings by number of the trace.
 * @property {Record<string, any>} [layout]
 * @property {string} [note]
 * @property {string} [alt]
 */

/**
 * @typedef {object} Film
 * @property {{ label: string, patches: Record<string, Patch> }[]} frames The last is the board.
 * @property {string} fork Text of the button that reports a moment, or "".
 * @property {string} fork_help
 * @property {{ play: string, pause: string, scrub: string }} labels
 */

/**
 * @typedef {object} Data
 * @property {Panel[]} panels In reading order.
 * @property {number} columns
 * @property {boolean} projector
 * @property {Film | null} film
 */

export const styles = ["live_board.css"];
export const ready = loadPlotly;

const FRAME_MS = 100, LEAST_WIDTH = 3;

/** @param {Panel} panel */
const buildPanel = (panel) => {
  const head = make("h3"), chart = make("div", { role: "img" });
  const box = make("section", { className: "panel" }, head, chart);
  box.dataset.panel = panel.name;
  return { box, head, chart };
};

/**
 * @param {ReturnType<typeof buildPanel>} nodes
 * @param {Panel} panel
 * @param {Patch} patch
 * @param {boolean} projector
 * @param {import("./runtime/theme.js").Palette} palette
 */
const drawPanel = ({ head, chart }, panel, patch, projector, palette) => {
  const { title } = panel, note = patch.note ?? panel.note;
  head.replaceChildren(title, ...(note ? [make("small", { textContent: note })] : []));
  head.title = [title, note].filter(Boolean).join(" · ");
  chart.ariaLabel = patch.alt ?? panel.alt;
  chart.style.height = panel.height + "px";
  const figure = paint(patched(panel.figure, patch), palette);
  if (projector) {
    enlarge(figure);
    for (const { line } of figure.data)
      if (line) line.width = Math.max(LEAST_WIDTH, line.width || 0);
  }
  plot(chart, figure, panel.height);
};

/**
 * The charts themselves.
 * @param {import("./runtime/loader.js").Host} host
 */
const makeBoard = (host) => {
  const root = make("div", { className: "board" });
  /** @type {Map<string, ReturnType<typeof buildPanel>>} */
  let nodes = new Map();
  let updates = 0;
  const clear = () => nodes.forEach(({ chart }) => purge(chart));
  const build = (/** @type {Panel[]} */ panels) => {
    clear();
    nodes = new Map(panels.map((panel) => [panel.name, buildPanel(panel)]));
    root.replaceChildren(...[...nodes.values()].map(({ box }) => box));
  };
  const show = (/** @type {Data} */ data, /** @type {Record<string, Patch>} */ patches) => {
    const names = data.panels.map(({ name }) => name).join();
    if (names !== [...nodes.keys()].join()) build(data.panels);
    root.style.gridTemplateColumns = `repeat(${data.columns}, minmax(0, 1fr))`;
    for (const panel of data.panels) {
      const at = nodes.get(panel.name);
      if (at) drawPanel(at, panel, patches[panel.name] ?? {}, data.projector, host.theme.palette);
    }
    updates += 1;
    root.dataset.updates = String(updates);
  };
  return { root, show, clear };
};

/**
 * The bar below the charts: it plays and scrubs, and asks nothing of the server for that.
 * @param {(position: number) => void} show
 * @param {(position: number) => void} fork
 */
const makeFilmBar = (show, fork) => {
  /** @type {Film} */
  let film;
  const play = make("button", { type: "button", className: "play" });
  const slider = make("input", { type: "range", min: "0", step: "1" });
  const label = make("output");
  const forkButton = make("button", { type: "button", className: "fork" });
  const root = make("div", { className: "film", hidden: true }, play, slider, label, forkButton);
  const sayWhat = () =>
    (play.textContent = player.playing ? `❚❚ ${film.labels.pause}` : `▶ ${film.labels.play}`);
  const player = new Player({
    wait: () => FRAME_MS,
    toggled: sayWhat,
    show: (position) => {
      slider.value = String(position);
      label.textContent = slider.ariaValueText = film.frames[position].label;
      show(position);
    },
  });
  play.onclick = () => player.toggle();
  slider.oninput = () => player.stopAt(Number(slider.value));
  forkButton.onclick = () => fork(player.position);
  /** Show another film, at its end. @param {Film | null} now */
  const load = (now) => {
    player.pause();
    root.hidden = !now || now.frames.length < 2;
    if (!now || root.hidden) return false;
    film = now;
    player.last = film.frames.length - 1;
    slider.max = String(player.last);
    slider.ariaLabel = film.labels.scrub;
    Object.assign(forkButton, { textContent: film.fork, title: film.fork_help,
      hidden: !film.fork });
    sayWhat();
    player.stopAt(player.last);
    return true;
  };
  return { root, load, player };
};

/** @type {import("./runtime/loader.js").Script["mount"]} */
export const mount = (host) => {
  /** @type {Data} */
  let data;
  const board = makeBoard(host);
  const show = (/** @type {number} */ position) => {
    const frame = data.film?.frames[position];
    board.show(data, frame && position < bar.player.last ? frame.patches : {});
  };
  const bar = makeFilmBar(show, (position) => host.trigger("fork", String(position)));
  host.root.append(board.root, bar.root);
  return {
    draw: (now) => {
      data = now;
      if (!bar.load(data.film)) board.show(data, {});
    },
    repaint: () => show(bar.player.position),
    destroy: () => {
      bar.player.pause();
      board.clear();
    },
  };
};
