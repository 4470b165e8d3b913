// One clock for all components of a page: which Gibbs step of which experiment is on screen.
// Components bring the same `playback` data; the first to bring a new experiment starts it.

import { Player, prefersStillness, realTime } from "./player.js";

const PLAY_MS = 3600; // a whole playback takes no longer than this at normal speed ...
const STEP_MS = 320; // ... and a step no longer than this
const SETTLE_MS = 900; // after a click the machine waits for further clicks before it moves
const PATIENCE_MS = 4000; // how long the server's older answers are ignored after a click

/** @typedef {"slow" | "normal" | "fast"} Speed */
/** @type {Record<Speed, number>} */
const RATES = { slow: 0.4, normal: 1, fast: 3 };

/**
 * An experiment to play, as app/components/playback.py describes it.
 * @typedef {object} Playback
 * @property {string} experiment
 * @property {number} n_steps
 * @property {number} plays
 * @property {number} flips
 */

/**
 * What the session is told of a playback that a button started.
 * @typedef {object} PlaybackEvent
 * @property {"start" | "pause" | "end"} name
 * @property {string} experiment
 * @property {number} step
 */

export class Clock {
  /** The bits set by hand that the server has not answered yet. @type {string | null} */
  edited = null;
  flips = 0;
  /** @type {Speed} */
  speed = "normal";
  /** @type {((event: PlaybackEvent) => void) | null} */
  #report = null;
  #experiment = "";
  #plays = 0;
  #clickedAt = -Infinity;
  // Whether a button started what plays: the server knows of what it started itself.
  #byHand = false;
  /** @type {Map<Element, { experiment: string, redraw: (clock: Clock) => void }>} */
  #followers = new Map();
  #time;
  #keepsStill;
  #player;

  /**
   * @param {import("./player.js").Timer} [time]
   * @param {() => boolean} [keepsStill] Whether the viewer prefers to see the end at once.
   */
  constructor(time = realTime, keepsStill = prefersStillness) {
    this.#time = time;
    this.#keepsStill = keepsStill;
    this.#player = new Player({
      show: () => this.#redraw(),
      wait: () => Math.min(STEP_MS, PLAY_MS / Math.max(1, this.nSteps)) / RATES[this.speed],
      toggled: (ended) => this.#toggled(ended),
      time,
    });
  }

  get position() {
    return this.#player.position;
  }

  get nSteps() {
    return this.#player.last;
  }

  get playing() {
    return this.#player.playing;
  }

  /**
   * Draw with the clock from now on.
   * @param {Element} element Draws as long as it is in the page.
   * @param {Playback} playback
   * @param {(clock: Clock) => void} redraw
   */
  follow(element, playback, redraw) {
    this.#followers.delete(element); // its old self is not to be drawn with a new experiment
    this.#begin(playback);
    this.#followers.set(element, { experiment: playback.experiment, redraw });
    redraw(this);
  }

  /**
   * Report what the buttons start, pause or bring to its end.
   * @param {(event: PlaybackEvent) => void} report
   * @returns {() => void} How to stop: where the buttons have left the page, nobody is told.
   */
  listen(report) {
    this.#report = report;
    return () => {
      if (this.#report === report) this.#report = null;
    };
  }

  /** Play on, from the start where this is the end; or pause. */
  run() {
    if (this.playing) return this.#pause();
    this.#byHand = true;
    this.#tell("start");
    this.#play();
  }

  /** Go one step further. */
  step() {
    this.#pause();
    this.#player.stopAt(this.position >= this.nSteps ? 1 : this.position + 1);
  }

  /** Go back to the start. */
  rewind() {
    this.#pause();
    this.#player.stopAt(0);
  }

  /** @param {Speed} speed */
  choose(speed) {
    this.speed = speed;
    this.#redraw();
  }

  /**
   * The bits on screen: those just clicked, else the shown chain's.
   * @param {string[]} chain State at each step.
   */
  bitsOf(chain) {
    return this.edited ?? chain[Math.min(this.position, chain.length - 1)];
  }

  /**
   * Flip one bit of what is on screen.
   * @param {string} bits What is on screen.
   * @param {number} unit
   * @returns {{ v: string, flips: number }} All that the server needs to know.
   */
  flipBit(bits, unit) {
    this.#byHand = false;
    this.#player.pause();
    this.edited = bits.slice(0, unit) + (bits[unit] === "1" ? "0" : "1") + bits.slice(unit + 1);
    this.flips += 1;
    this.#clickedAt = this.#time.now();
    this.#redraw();
    return { v: this.edited, flips: this.flips };
  }

  /** @param {Playback} playback */
  #begin(playback) {
    if (playback.experiment === this.#experiment) return;
    const sinceClick = this.#time.now() - this.#clickedAt;
    if (playback.flips < this.flips && sinceClick < PATIENCE_MS) return;
    const asked = playback.plays > this.#plays, atEnd = this.position >= this.nSteps;
    this.#byHand = false;
    this.#experiment = playback.experiment;
    this.#player.last = playback.n_steps;
    this.flips = playback.flips;
    this.#plays = playback.plays;
    this.edited = null;
    if (asked) {
      this.#player.stopAt(0);
      this.#play(Math.max(0, SETTLE_MS - sinceClick));
    } else {
      // Another machine, same question: stay at the same step, and go on playing if it does.
      this.#player.position = atEnd ? this.nSteps : Math.min(this.position, this.nSteps);
      this.#redraw();
    }
  }

  #play(delay = 0) {
    if (!this.#keepsStill()) return this.#player.play(delay);
    this.#player.stopAt(this.nSteps);
    this.#toggled(true);
  }

  #pause() {
    if (!this.playing) return;
    this.#player.pause();
    this.#byHand = false;
    this.#tell("pause");
  }

  /** @param {boolean} ended */
  #toggled(ended) {
    if (ended && this.#byHand) this.#tell("end");
    if (ended) this.#byHand = false;
    this.#redraw();
  }

  /** @param {PlaybackEvent["name"]} name */
  #tell(name) {
    this.#report?.({ name, experiment: this.#experiment, step: this.position });
  }

  // Who has not heard of the experiment yet keeps what it shows: its data come within moments.
  #redraw() {
    for (const [element, { experiment, redraw }] of this.#followers) {
      if (!element.isConnected) this.#followers.delete(element);
      else if (this.edited !== null || experiment === this.#experiment) redraw(this);
    }
  }
}

/** The clock of this page. */
export const clock = new Clock();
