// The correction chart: drawn whole by Plotly.js, uncovered step by step by the playback.

import { make } from "./runtime/dom.js";
import { enlarge, paint } from "./runtime/figures.js";
import { clock } from "./runtime/playback.js";
import { loadPlotly, plot, purge, relayout } from "./runtime/plot.js";

/** @typedef {import("./runtime/figures.js").Figure} Figure */

/**
 * @typedef {object} Data
 * @property {Figure} figure Two panels over Gibbs steps.
 * @property {string} alt
 * @property {import("./runtime/playback.js").Playback} playback
 * @property {number} height Pixels.
 * @property {boolean} projector
 */

export const styles = ["correction_chart.css"];
export const ready = loadPlotly;

/**
 * What hides the steps that are still to come, and the line where they begin.
 * @param {Figure["layout"]} layout
 * @param {number} position
 * @param {number} nSteps
 * @param {string} background
 */
const curtains = (layout, position, nSteps, background) => {
  // Just behind the point of this step; a logarithmic axis has no zero.
  const edge = layout.xaxis.type === "log"
    ? Math.max(position, 0.9) * 1.03 : position + 0.012 * nSteps;
  return ["", "2"].flatMap((number) => {
    const place = { xref: "x" + number, yref: `y${number} domain`, y0: 0, y1: 1, x0: edge };
    return [
      { ...place, type: "rect", x1: nSteps * 1.2, line: { width: 0 }, fillcolor: background },
      { ...place, type: "line", x1: edge, line: { width: 2, color: layout.font.color } },
    ];
  });
};

/**
 * For a lecture hall; a hundred thick chains would be a grey wall, so they stay thin.
 * @param {Figure} figure
 */
const enlargeAll = (figure) => {
  const widths = figure.data.map((trace) => trace.line?.width);
  enlarge(figure);
  figure.data.forEach((trace, i) => {
    if (widths[i] < 1) trace.line.width = widths[i];
  });
  const { annotations, legend, xaxis, xaxis2, yaxis } = figure.layout;
  for (const part of [...annotations, legend, xaxis.title, xaxis2.title, yaxis.title])
    part.font = { ...part.font, size: Math.max(15, part.font.size) };
};

/** @type {import("./runtime/loader.js").Script["mount"]} */
export const mount = (host) => {
  const { root } = host, chart = make("div", { role: "img" });
  root.className = "correction";
  root.append(chart);
  let covered = true;

  const uncover = (/** @type {Data} */ { playback }, /** @type {Figure["layout"]} */ layout) => {
    const nSteps = playback.n_steps, position = Math.min(clock.position, nSteps);
    const done = position >= nSteps;
    chart.dataset.step = String(position);
    if (done && !covered) return;
    covered = !done;
    const hidden = done ? [] : curtains(layout, position, nSteps, host.theme.background);
    relayout(chart, {
      shapes: [...hidden, ...structuredClone(layout.shapes)],
      hovermode: done ? layout.hovermode : false,
    });
  };

  /** @type {Data} */
  let shown;
  const draw = async (/** @type {Data} */ data) => {
    const figure = paint(data.figure, host.theme.palette);
    if (data.projector) enlargeAll(figure);
    root.style.height = data.height + "px";
    chart.ariaLabel = data.alt;
    await plot(chart, figure, data.height);
    if (data !== shown) return; // a newer one is drawn already
    covered = true;
    const { layout } = paint(data.figure, host.theme.palette); // Plotly.js changes what it is given
    clock.follow(root, data.playback, () => uncover(data, layout));
  };

  return {
    draw: (data) => draw((shown = data)),
    repaint: () => draw(shown),
    destroy: () => purge(chart),
  };
};
