// Marks on the pixels of a picture: setting them, strokes between them, and how they travel.

/** Row and column. @typedef {[number, number]} Cell */

/**
 * Write marks as app.components.pixel_painter reads them: four pixels in a hexadecimal digit.
 * @param {Uint8Array} marks
 */
export const hexOf = (marks) => {
  let text = "";
  for (let i = 0; i < marks.length; i += 4) {
    const [a, b = 0, c = 0, d = 0] = marks.subarray(i, i + 4);
    text += ((a << 3) | (b << 2) | (c << 1) | d).toString(16);
  }
  return text;
};

/**
 * The cells of a straight stroke, both ends included.
 * @param {Cell} from
 * @param {Cell} to
 * @returns {Cell[]}
 */
export const lineTo = ([row, column], [toRow, toColumn]) => {
  const n = Math.max(Math.abs(toRow - row), Math.abs(toColumn - column), 1);
  const between = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ i) =>
    Math.round(a + ((b - a) * i) / n);
  return Array.from({ length: n + 1 }, (_, i) =>
    [between(row, toRow, i), between(column, toColumn, i)]);
};

export class Marks {
  #height;
  #width;

  /**
   * @param {[number, number]} shape Height and width.
   * @param {Uint8Array} values 0 or 1 for each pixel.
   */
  constructor([height, width], values) {
    this.#height = height;
    this.#width = width;
    this.values = values;
  }

  /** @param {Cell} cell */
  at([row, column]) {
    return this.values[row * this.#width + column];
  }

  /**
   * Set a cell and its neighbours, as far as they lie in the picture.
   * @param {Cell} cell
   * @param {number} value
   * @param {number} reach Neighbours on each side.
   */
  set([row, column], value, reach) {
    for (let r = row - reach; r <= row + reach; r++)
      for (let c = column - reach; c <= column + reach; c++)
        if (r >= 0 && r < this.#height && c >= 0 && c < this.#width)
          this.values[r * this.#width + c] = value;
  }

  /**
   * The cell of the picture that lies nearest.
   * @param {Cell} cell
   * @returns {Cell}
   */
  nearest([row, column]) {
    const within = (/** @type {number} */ value, /** @type {number} */ n) =>
      Math.max(0, Math.min(n - 1, value));
    return [within(row, this.#height), within(column, this.#width)];
  }
}
