// The theme that the viewer sees, and its colours: as numbers for scripts, as variables for styles.

import { palettes } from "./told.js";

/**
 * Colours by token, as app/charts/theme.py lists them; a scale is a list of stops.
 * @typedef {Record<string, string | [number, string][]>} Palette
 */

/**
 * @typedef {object} Theme
 * @property {"light" | "dark"} mode
 * @property {Palette} palette
 * @property {string} background What lies behind a component.
 */

/** @param {Palette} palette */
const variables = (palette) =>
  Object.entries(palette)
    .filter(([, colour]) => typeof colour === "string")
    .map(([token, colour]) => `--${token.slice(1)}: ${colour};`)
    .join(" ");

const sheet = new CSSStyleSheet();
sheet.replaceSync(
  `.rbm { ${variables(palettes.light)} } .rbm[data-theme="dark"] { ${variables(palettes.dark)} }`,
);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

/**
 * Return the theme around an element. Streamlit calls every component again when its theme changes,
 * in the viewer's system or in its menu, so nothing else needs to watch.
 * @param {Element} element
 * @returns {Theme}
 */
export const themeAt = (element) => {
  const style = getComputedStyle(element);
  const mode = style.colorScheme.includes("dark") ? "dark" : "light";
  const background = style.getPropertyValue("--st-background-color") || "#fff";
  return { mode, palette: palettes[mode], background };
};
