// Plotly.js: loaded once, drawn without a remount, so that zoom and hover survive updates.

import { plotlyName } from "./told.js";

/** @typedef {import("./figures.js").Figure} Figure */

/**
 * The part of Plotly.js that is used here.
 * @typedef {object} Plotly
 * @property {(node: HTMLElement, data: object[], layout: object, config: object)
 *   => Promise<unknown>} react
 * @property {(node: HTMLElement, changes: object) => Promise<unknown>} relayout
 * @property {(node: HTMLElement) => void} purge
 */

const CONFIG = { displayModeBar: false, responsive: true, doubleClick: "reset" };
/** @type {Promise<void> | undefined} */
let loading;

/** @returns {Plotly} */
const plotly = () => /** @type {any} */ (window).Plotly;

/** Load Plotly.js; it stands beside the folder of our scripts, under a name of its own. */
export const loadPlotly = () => {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(`../../${plotlyName}`, import.meta.url).href;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${plotlyName} was not served`));
    document.head.append(script);
  });
  return loading;
};

/**
 * Draw a figure, or what changed of it.
 * @param {HTMLElement} node
 * @param {Figure} figure Its colours resolved.
 * @param {number} height Pixels.
 */
export const plot = (node, figure, height) =>
  plotly().react(node, figure.data, { ...figure.layout, height }, CONFIG);

/**
 * Change the layout alone.
 * @param {HTMLElement} node
 * @param {object} changes
 */
export const relayout = (node, changes) => plotly().relayout(node, changes);

/** @param {HTMLElement} node */
export const purge = (node) => plotly().purge(node);
