// Figures as Python describes them: colour tokens, changes to a part, larger letters.

/** @typedef {import("./theme.js").Palette} Palette */

/**
 * A figure of app.charts: Plotly's traces and layout, whose colours may be tokens.
 * @typedef {object} Figure
 * @property {Record<string, any>[]} data
 * @property {Record<string, any>} layout
 */

/** @param {unknown} value */
const isBranch = (value) =>
  typeof value === "object" && value !== null && !ArrayBuffer.isView(value);

/**
 * Colour tokens ("@positive") become colours; everything else is copied.
 * @param {any} tree
 * @param {Palette} palette
 * @returns {any}
 */
export const paint = (tree, palette) => {
  if (typeof tree === "string") return tree[0] === "@" ? palette[tree] ?? tree : tree;
  if (Array.isArray(tree)) return tree.map((part) => paint(part, palette));
  if (!isBranch(tree)) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, part]) => [key, paint(part, palette)]));
};

/**
 * Lay a change over a tree: branches are merged, everything else is replaced.
 * @param {any} base
 * @param {any} change
 * @returns {any}
 */
export const merge = (base, change) => {
  // Numbers packed by Plotly's own format are one value.
  if (!isBranch(change) || Array.isArray(change) || "bdata" in change) return change;
  const out = isBranch(base) && !Array.isArray(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(change)) out[key] = merge(out[key], value);
  return out;
};

/**
 * A figure with some of its traces and of its layout changed.
 * @param {Figure} figure
 * @param {{ data?: Record<string, any>, layout?: Record<string, any> }} patch
 * @returns {Figure}
 */
export const patched = ({ data, layout }, patch) => ({
  data: data.map((trace, i) => (patch.data?.[i] ? merge(trace, patch.data[i]) : trace)),
  layout: patch.layout ? merge(layout, patch.layout) : layout,
});

/**
 * For a lecture hall: every letter larger, in place.
 * @param {any} tree
 */
export const enlarge = (tree) => {
  if (!isBranch(tree)) return;
  for (const [key, value] of Object.entries(tree)) {
    if (/font$/.test(key) && value.size) value.size *= 1.3;
    enlarge(value);
  }
};
