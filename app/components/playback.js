// One clock for all components of a page: which Gibbs step of which experiment is on screen.
// Components bring the same `playback` data; the first to bring a new experiment starts it.

const PLAY_MS = 3600; // a whole playback takes no longer than this at normal speed ...
const STEP_MS = 320; // ... and a step no longer than this
const SETTLE_MS = 900; // after a click the machine waits for further clicks before it moves
const PATIENCE_MS = 4000; // how long the server's older answers are ignored after a click
const SPEEDS = { slow: 0.4, normal: 1, fast: 3 };

const clock = {
  experiment: null, nSteps: 0, position: 0, playing: false, speed: 1,
  flips: 0, plays: 0, edited: null, clickedAt: -Infinity, nonce: null,
};
const redraws = new Map(); // a component's element -> how it draws the clock
let began = 0, beganAt = 0, frame = 0;

const tell = () => {
  for (const [element, redraw] of redraws)
    element.isConnected ? redraw(clock) : redraws.delete(element);
};

const halt = () => { clock.playing = false; cancelAnimationFrame(frame); };

const advance = (now) => {
  if (!clock.playing) return;
  const stepMs = Math.min(STEP_MS, PLAY_MS / clock.nSteps) / clock.speed;
  const position = Math.min(clock.nSteps, beganAt + Math.max(0, Math.floor((now - began) / stepMs)));
  if (position >= clock.nSteps) clock.playing = false;
  if (position !== clock.position || !clock.playing) { clock.position = position; tell(); }
  if (clock.playing) frame = requestAnimationFrame(advance);
};

const play = (delay = 0) => {
  halt();
  if (clock.position >= clock.nSteps) clock.position = 0;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    clock.position = clock.nSteps;
    return tell();
  }
  clock.playing = true;
  beganAt = clock.position;
  began = performance.now() + delay;
  tell();
  frame = requestAnimationFrame(advance);
};

const step = () => {
  halt();
  clock.position = clock.position >= clock.nSteps ? 1 : clock.position + 1;
  tell();
};

const rewind = () => { halt(); clock.position = 0; tell(); };

const begin = (playback) => {
  if (playback.experiment === clock.experiment) return;
  const sinceClick = performance.now() - clock.clickedAt;
  if (playback.flips < clock.flips && sinceClick < PATIENCE_MS) return;
  const asked = playback.plays > clock.plays, atEnd = clock.position >= clock.nSteps;
  clock.experiment = playback.experiment;
  clock.nSteps = playback.n_steps;
  clock.flips = playback.flips;
  clock.plays = playback.plays;
  clock.edited = null;
  if (asked) {
    clock.position = 0;
    play(Math.max(0, SETTLE_MS - sinceClick));
  } else {
    // Another machine, same question: stay at the same step.
    clock.position = atEnd ? clock.nSteps : Math.min(clock.position, clock.nSteps);
    tell();
  }
};

// Draw with the clock from now on.
export const follow = (element, playback, redraw) => {
  redraws.set(element, redraw);
  begin(playback);
  redraw(clock);
};

// Do what a button of the page asked for, once.
export const obey = (command, speed) => {
  const fresh = clock.nonce !== null && command.nonce !== clock.nonce;
  clock.nonce = command.nonce;
  if (SPEEDS[speed] !== clock.speed) {
    clock.speed = SPEEDS[speed];
    beganAt = clock.position;
    began = performance.now();
  }
  if (fresh) ({ run: () => play(), step, rewind })[command.name]?.();
};

// The bits on screen: those just clicked, else the shown chain's.
export const bitsOf = (chain) =>
  clock.edited ?? chain[Math.min(clock.position, chain.length - 1)];

// Flip one bit of what is on screen; returns all that the server needs to know.
export const flipBit = (chain, unit) => {
  const bits = [...bitsOf(chain)].map((bit, i) => (i === unit ? String(1 - Number(bit)) : bit));
  halt();
  clock.edited = bits.join("");
  clock.flips += 1;
  clock.clickedAt = performance.now();
  tell();
  return { v: clock.edited, flips: clock.flips };
};
