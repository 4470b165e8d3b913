// What the picture components share: reading packed bytes, colours, and pixels onto a canvas.

export const unpack = async (head, body) => {
  if (head.squeezed) {
    const stream = new Blob([body]).stream().pipeThrough(new DecompressionStream("deflate"));
    body = new Uint8Array(await new Response(stream).arrayBuffer());
  }
  return Object.fromEntries(Object.entries(head.arrays).map(([name, { offset, shape, kind }]) => {
    const part = body.subarray(offset, offset + shape.reduce((a, b) => a * b, 1));
    const values = kind === "i1" ? new Int8Array(part.buffer, part.byteOffset, part.length) : part;
    return [name, { values, shape }];
  }));
};

// Pictures of single bits, as packed by app.components.packing.pack_bits.
export const bitsOf = (values, first, nPixels, nPictures) => {
  const stride = Math.ceil(nPixels / 8), out = new Uint8Array(nPictures * nPixels);
  for (let p = 0; p < nPictures; p++)
    for (let i = 0; i < nPixels; i++)
      out[p * nPixels + i] = (values[(first + p) * stride + (i >> 3)] >> (7 - (i & 7))) & 1 ? 255 : 0;
  return out;
};

export const isDark = (element) => {
  const probe = document.createElement("i");
  probe.style.cssText = "display:none;color:var(--st-background-color)";
  element.appendChild(probe);
  const parts = (getComputedStyle(probe).color.match(/[\d.]+/g) || [255, 255, 255]).map(Number);
  probe.remove();
  return 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2] < 128;
};

const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const word = ([r, g, b], a = 255) => ((a << 24) | (b << 16) | (g << 8) | r) >>> 0;

export const greys = Uint32Array.from({ length: 256 }, (_, v) => word([v, v, v]));

// -127 … 127 from the negative over the zero to the positive colour; index by value + 128.
export const diverging = (palette) => {
  const [low, zero, high] = ["@negative", "@zero", "@positive"].map((name) => rgb(palette[name]));
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const share = Math.min(1, Math.abs(i - 128) / 127), end = i < 128 ? low : high;
    return word(zero.map((z, c) => Math.round(z + (end[c] - z) * share)));
  });
};

export const colour = (hex) => word(rgb(hex));

// Lay `count` pictures out in `columns`, `gap` pixels apart; signed values are shifted into the
// table. Returns the sheet's size.
export const sheet = (canvas, values, { first = 0, count, height, width, columns, gap = 1, table,
  between, shift = 0 }) => {
  const lines = Math.ceil(count / columns);
  const sheetWidth = columns * (width + gap) + gap, sheetHeight = lines * (height + gap) + gap;
  if (canvas.width !== sheetWidth) canvas.width = sheetWidth;
  if (canvas.height !== sheetHeight) canvas.height = sheetHeight;
  const context = canvas.getContext("2d");
  const image = context.createImageData(sheetWidth, sheetHeight);
  const out = new Uint32Array(image.data.buffer).fill(between);
  const size = height * width;
  for (let p = 0; p < count; p++) {
    const top = gap + Math.floor(p / columns) * (height + gap);
    const left = gap + (p % columns) * (width + gap);
    const from = (first + p) * size;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        out[(top + y) * sheetWidth + left + x] = table[values[from + y * width + x] + shift];
  }
  context.putImageData(image, 0, 0);
};

// Scale a canvas into a box: by whole numbers where pixels are large enough to see unevenness.
export const fit = (canvas, width, height) => {
  let scale = Math.min(width / canvas.width, height / canvas.height);
  if (scale >= 3) scale = Math.floor(scale);
  canvas.style.width = canvas.width * scale + "px";
  canvas.style.height = canvas.height * scale + "px";
  canvas.style.imageRendering = scale >= 2 ? "pixelated" : "auto";
  return scale;
};

export const make = (tag, settings = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), settings);
  node.append(...children);
  return node;
};

// Redraw when the viewer's theme changes; returns how to stop watching.
export const onTheme = (redraw) => {
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const later = () => setTimeout(redraw, 300);
  scheme.addEventListener("change", later);
  return () => scheme.removeEventListener("change", later);
};
