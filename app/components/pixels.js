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

// -full … full from the negative over the zero to the positive colour; index by value + 128.
export const diverging = (palette, full) => {
  const [low, zero, high] = ["@negative", "@zero", "@positive"].map((name) => rgb(palette[name]));
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const share = Math.min(1, Math.abs(i - 128) / full), end = i < 128 ? low : high;
    return word(zero.map((z, c) => Math.round(z + (end[c] - z) * share)));
  });
};

export const colour = (hex) => word(rgb(hex));

// Lay `count` pictures out in `columns` and fit them into `room` ([width, height] on screen, with
// `gap` pixels between them). Pixels are drawn larger than they are shown and scaled down, so that
// they are equally wide at any size. Signed values are shifted into the table. Returns the
// geometry: the pitch of pictures and of pixels, and the gap, all on screen.
export const sheet = (canvas, values, { first = 0, count, height, width, columns, gap = 3, table,
  between, shift = 0, room }) => {
  const lines = Math.ceil(count / columns);
  const scale = Math.max(0.5, Math.min((room[0] - gap * (columns + 1)) / (columns * width),
    (room[1] - gap * (lines + 1)) / (lines * height)));
  const zoom = Math.ceil(scale * (window.devicePixelRatio || 1)), edge = Math.max(1, Math.round((gap * zoom) / scale));
  const sheetWidth = columns * (width * zoom + edge) + edge;
  const sheetHeight = lines * (height * zoom + edge) + edge;
  if (canvas.width !== sheetWidth) canvas.width = sheetWidth;
  if (canvas.height !== sheetHeight) canvas.height = sheetHeight;
  canvas.style.width = (sheetWidth * scale) / zoom + "px";
  canvas.style.height = (sheetHeight * scale) / zoom + "px";
  const context = canvas.getContext("2d");
  const image = context.createImageData(sheetWidth, sheetHeight);
  const out = new Uint32Array(image.data.buffer).fill(between);
  const size = height * width;
  for (let p = 0; p < count; p++) {
    const top = edge + Math.floor(p / columns) * (height * zoom + edge);
    const left = edge + (p % columns) * (width * zoom + edge);
    const from = (first + p) * size;
    for (let y = 0; y < height; y++) {
      const line = (top + y * zoom) * sheetWidth + left;
      for (let x = 0; x < width; x++)
        out.fill(table[values[from + y * width + x] + shift], line + x * zoom, line + (x + 1) * zoom);
      for (let copy = 1; copy < zoom; copy++)
        out.copyWithin(line + copy * sheetWidth, line, line + width * zoom);
    }
  }
  context.putImageData(image, 0, 0);
  const shown = scale / zoom;
  return { pixel: scale, edge: edge * shown, across: (width * zoom + edge) * shown,
    down: (height * zoom + edge) * shown };
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
