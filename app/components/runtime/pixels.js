// Pictures as pixels: colours as numbers, and pictures laid out on a canvas.

/** @typedef {import("./theme.js").Palette} Palette */

/**
 * How pictures are laid out.
 * @typedef {object} Layout
 * @property {number} [first] Number of the first picture.
 * @property {number} count Pictures.
 * @property {number} height Pixels of a picture.
 * @property {number} width Pixels of a picture.
 * @property {number} columns Pictures side by side.
 * @property {number} [gap] Pixels on screen between pictures.
 * @property {Uint32Array} table Colour of each value.
 * @property {number} between Colour between pictures.
 * @property {number} [shift] Added to a value to find it in the table.
 * @property {[number, number]} room Width and height on screen, at most.
 */

/**
 * Where pictures came to lie, in pixels on screen.
 * @typedef {object} Geometry
 * @property {number} pixel Width of a pixel of a picture.
 * @property {number} edge Gap between pictures, and before the first.
 * @property {number} across From a picture to the next one beside it.
 * @property {number} down From a picture to the next one below it.
 */

const FULL = 255;

/** @param {string} hex */
const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
/** As a canvas keeps it: red in the lowest byte. @param {number[]} parts */
const word = ([red, green, blue]) => ((FULL << 24) | (blue << 16) | (green << 8) | red) >>> 0;

/** @param {unknown} hex */
export const colour = (hex) => word(rgb(String(hex)));

/** Grey levels. */
export const greys = Uint32Array.from({ length: 256 }, (_, level) => word([level, level, level]));

/**
 * From the negative over the zero to the positive colour; index by value + 128.
 * @param {Palette} palette
 * @param {number} full The value that has the whole colour.
 */
export const diverging = (palette, full) => {
  const [low, zero, high] =
    ["@negative", "@zero", "@positive"].map((token) => rgb(String(palette[token])));
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const share = Math.min(1, Math.abs(i - 128) / full), end = i < 128 ? low : high;
    return word(zero.map((z, c) => Math.round(z + (end[c] - z) * share)));
  });
};

/**
 * How large pictures become: pixels are drawn larger than they are shown and scaled down, so that
 * they are equally wide at any size.
 * @param {Layout} layout
 * @param {number} density Device pixels per pixel on screen.
 */
export const measure = ({ count, height, width, columns, gap = 3, room }, density) => {
  const lines = Math.ceil(count / columns);
  const scale = Math.max(0.5, Math.min((room[0] - gap * (columns + 1)) / (columns * width),
    (room[1] - gap * (lines + 1)) / (lines * height)));
  const zoom = Math.ceil(scale * density), edge = Math.max(1, Math.round((gap * zoom) / scale));
  return { zoom, edge, scale,
    sheetWidth: columns * (width * zoom + edge) + edge,
    sheetHeight: lines * (height * zoom + edge) + edge };
};

/**
 * Fill the words of a canvas with pictures.
 * @param {Uint32Array} out
 * @param {ArrayLike<number>} values
 * @param {Layout} layout
 * @param {ReturnType<typeof measure>} sizes
 */
export const fill = (out, values, layout, { zoom, edge, sheetWidth }) => {
  const { first = 0, count, height, width, columns, table, between, shift = 0 } = layout;
  out.fill(between);
  for (let p = 0; p < count; p++) {
    const top = edge + Math.floor(p / columns) * (height * zoom + edge);
    const left = edge + (p % columns) * (width * zoom + edge);
    for (let y = 0; y < height; y++) {
      const from = ((first + p) * height + y) * width;
      const line = (top + y * zoom) * sheetWidth + left;
      for (let x = 0; x < width; x++)
        out.fill(table[values[from + x] + shift], line + x * zoom, line + (x + 1) * zoom);
      for (let copy = 1; copy < zoom; copy++)
        out.copyWithin(line + copy * sheetWidth, line, line + width * zoom);
    }
  }
};

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
export const brush = (canvas) => {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser gives no canvas to draw on");
  return context;
};

/**
 * Lay pictures out on a canvas as large as the room lets them be.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values
 * @param {Layout} layout
 * @returns {Geometry}
 */
export const sheet = (canvas, values, layout) => {
  const sizes = measure(layout, window.devicePixelRatio || 1);
  const { zoom, edge, scale, sheetWidth, sheetHeight } = sizes;
  // Setting a size clears the canvas, even where it is the same.
  if (canvas.width !== sheetWidth) canvas.width = sheetWidth;
  if (canvas.height !== sheetHeight) canvas.height = sheetHeight;
  const shown = scale / zoom;
  canvas.style.width = sheetWidth * shown + "px";
  canvas.style.height = sheetHeight * shown + "px";
  const context = brush(canvas), image = context.createImageData(sheetWidth, sheetHeight);
  fill(new Uint32Array(image.data.buffer), values, layout, sizes);
  context.putImageData(image, 0, 0);
  const across = (layout.width * zoom + edge) * shown, down = (layout.height * zoom + edge) * shown;
  return { pixel: scale, edge: edge * shown, across, down };
};
