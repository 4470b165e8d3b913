// Numbers as the screen says them: a true minus, and none before a zero.

/**
 * @param {number} value
 * @param {number} digits
 */
export const number = (value, digits) => {
  const size = Math.abs(value).toFixed(digits);
  return (value < 0 && Number(size) !== 0 ? "−" : "") + size;
};

/**
 * With its sign, unless it is zero.
 * @param {number} value
 * @param {number} [digits]
 */
export const signed = (value, digits = 1) => {
  const text = number(value, digits);
  return (value > 0 && Number(text) !== 0 ? "+" : "") + text;
};

/**
 * A probability without the zero before its point.
 * @param {number} value
 * @param {number} [digits]
 */
export const short = (value, digits = 2) => value.toFixed(digits).replace(/^0\./, ".");
