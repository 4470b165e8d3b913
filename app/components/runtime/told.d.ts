// What Python tells the scripts; app/assets.py writes told.js when it is served.

import type { Palette } from "./theme.js";

export const palettes: { light: Palette; dark: Palette };
/** Name of Plotly.js beside the folder of the scripts. */
export const plotlyName: string;
