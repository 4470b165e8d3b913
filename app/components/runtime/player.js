// Plays through numbered moments, 0 to `last`: each is shown for its while, then the next.

/**
 * The time a player goes by; a test brings its own.
 * @typedef {object} Timer
 * @property {() => number} now The time in milliseconds.
 * @property {(act: () => void, ms: number) => number} after Acts later; returns a handle.
 * @property {(handle: number) => void} cancel Forgets what was to be done later.
 */

/** @type {Timer} */
export const realTime = {
  now: () => performance.now(),
  after: (act, ms) => window.setTimeout(act, ms),
  cancel: (handle) => window.clearTimeout(handle),
};

/** Whether the viewer asked for a screen that keeps still. */
export const prefersStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Player {
  position = 0;
  last = 0;
  playing = false;
  #due = 0;
  #handle = 0;
  #show;
  #wait;
  #loops;
  #toggled;
  #time;

  /**
   * @param {object} settings
   * @param {(position: number) => void} settings.show Draws a moment.
   * @param {(position: number) => number} settings.wait Milliseconds that a moment is shown for.
   * @param {boolean} [settings.loops] Whether the first moment follows the last.
   * @param {(ended: boolean) => void} [settings.toggled] Called after it began or stopped to play;
   *   `ended` where it stopped because it was through.
   * @param {Timer} [settings.time]
   */
  constructor({ show, wait, loops = false, toggled = () => {}, time = realTime }) {
    this.#show = show;
    this.#wait = wait;
    this.#loops = loops;
    this.#toggled = toggled;
    this.#time = time;
  }

  /**
   * Play on from here, or from the start where this is the end.
   * @param {number} [delay] Milliseconds to wait before.
   */
  play(delay = 0) {
    this.#time.cancel(this.#handle);
    if (this.position >= this.last && !this.#loops) this.position = 0;
    this.playing = true;
    this.#due = this.#time.now() + delay + this.#wait(this.position);
    this.#show(this.position);
    this.#schedule();
    this.#toggled(false);
  }

  /** Stop where it is. */
  pause() {
    this.#time.cancel(this.#handle);
    if (!this.playing) return;
    this.playing = false;
    this.#toggled(false);
  }

  /** Play or pause. */
  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /**
   * Stop, and show this moment or the nearest that there is.
   * @param {number} position
   */
  stopAt(position) {
    this.pause();
    this.position = Math.max(0, Math.min(this.last, position));
    this.#show(this.position);
  }

  #schedule() {
    const late = this.#time.now() - this.#due;
    this.#handle = this.#time.after(() => this.#tick(), Math.max(0, -late));
  }

  // A busy browser comes late: moments whose time has passed are left out, so that the whole takes
  // no longer than it should.
  #tick() {
    const now = this.#time.now();
    while (this.#due <= now && (this.#loops || this.position < this.last)) {
      this.position = this.position >= this.last ? 0 : this.position + 1;
      this.#due += this.#wait(this.position);
    }
    const ended = this.position >= this.last && !this.#loops;
    if (ended) this.playing = false;
    this.#show(this.position);
    if (ended) this.#toggled(true);
    else if (this.playing) this.#schedule();
  }
}
