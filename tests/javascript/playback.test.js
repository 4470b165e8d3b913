import assert from "node:assert/strict";
import { test } from "node:test";

import { Clock } from "../../app/components/runtime/playback.js";
import { Player } from "../../app/components/runtime/player.js";

/** Time that passes when the test says so. */
const handTime = () => {
  let now = 0, handles = 0;
  /** @type {Map<number, { at: number, act: () => void }>} */
  const waiting = new Map();
  const time = {
    now: () => now,
    after: (/** @type {() => void} */ act, /** @type {number} */ ms) => {
      waiting.set(++handles, { at: now + ms, act });
      return handles;
    },
    cancel: (/** @type {number} */ handle) => waiting.delete(handle),
  };
  /** Let time pass; `late` leaves all that was due to the end of it, as a busy browser does. */
  const pass = (/** @type {number} */ ms, late = false) => {
    const end = now + ms;
    for (;;) {
      const due = [...waiting].filter(([, { at }]) => at <= end);
      const [next] = due.sort((a, b) => a[1].at - b[1].at);
      if (!next) break;
      waiting.delete(next[0]);
      now = late ? end : next[1].at;
      next[1].act();
    }
    now = end;
  };
  return { time, pass };
};

const player = (/** @type {Partial<ConstructorParameters<typeof Player>[0]>} */ settings = {}) => {
  const { time, pass } = handTime();
  /** @type {number[]} */
  const shown = [];
  const made = new Player({ show: (at) => shown.push(at), wait: () => 100, time, ...settings });
  made.last = 5;
  return { made, shown, pass };
};

test("a player shows every moment for its while and stops at the last", () => {
  const { made, shown, pass } = player();
  made.play();
  pass(250);
  assert.deepEqual(shown, [0, 1, 2]);
  pass(10_000);
  assert.deepEqual(shown, [0, 1, 2, 3, 4, 5]);
  assert.equal(made.playing, false);
});

test("a late player leaves moments out and is through in time", () => {
  const { made, shown, pass } = player();
  made.play();
  pass(320, true);
  pass(300);
  assert.deepEqual(shown, [0, 3, 4, 5]);
});

test("a player at its end begins anew, a paused one goes on", () => {
  const { made, shown, pass } = player();
  made.stopAt(99);
  made.play();
  pass(100);
  made.toggle();
  pass(1000);
  made.toggle();
  pass(100);
  assert.deepEqual(shown, [5, 0, 1, 1, 2]);
});

test("a player that loops holds the last moment and never ends", () => {
  let ends = 0;
  const toggled = (/** @type {boolean} */ ended) => (ends += Number(ended));
  const wait = (/** @type {number} */ at) => (at === 5 ? 900 : 100);
  const { made, shown, pass } = player({ loops: true, toggled, wait });
  made.play();
  pass(1399);
  assert.deepEqual(shown, [0, 1, 2, 3, 4, 5]);
  pass(2);
  assert.equal(shown.at(-1), 0);
  assert.equal(ends, 0);
});

const EXPERIMENT = { experiment: "one", n_steps: 12, plays: 0, flips: 0 };
const CHAIN = Array.from({ length: 13 }, (_, step) => (step < 6 ? "111" : "110"));

const clock = ({ still = false } = {}) => {
  const { time, pass } = handTime();
  const made = new Clock(time, () => still);
  /** @type {string[]} */
  const told = [];
  const silence = made.listen(({ name, step }) => told.push(`${name} ${step}`));
  const element = /** @type {Element} */ (/** @type {unknown} */ ({ isConnected: true }));
  return { made, told, silence, pass, element };
};

test("a finished example stands at its end and plays when it is asked for", () => {
  const { made, told, pass, element } = clock();
  made.follow(element, EXPERIMENT, () => {});
  assert.equal(made.position, 12);
  made.follow(element, { ...EXPERIMENT, experiment: "two", plays: 1 }, () => {});
  assert.equal(made.position, 0);
  assert.equal(made.playing, true);
  pass(10_000);
  assert.equal(made.position, 12);
  assert.deepEqual(told, []); // the server knows of what it started
});

test("another machine for the same question goes on playing where the last one was", () => {
  const { made, pass, element } = clock();
  made.follow(element, { ...EXPERIMENT, plays: 1 }, () => {});
  pass(2500);
  const { position } = made;
  assert.ok(position > 0 && position < 12);
  made.follow(element, { ...EXPERIMENT, experiment: "two", plays: 1 }, () => {});
  assert.equal(made.position, position);
  pass(10_000);
  assert.equal(made.position, 12);
});

test("start, pause and end are told once each, steps and speeds are not", () => {
  const { made, told, pass, element } = clock();
  made.follow(element, EXPERIMENT, () => {});
  made.run();
  pass(1000);
  made.choose("fast");
  made.run();
  made.step();
  made.rewind();
  made.run();
  pass(10_000);
  assert.deepEqual(told, ["start 12", "pause 3", "start 0", "end 12"]);
});

test("nobody is told of a playback whose buttons have left the page", () => {
  const { made, told, silence, pass, element } = clock();
  made.follow(element, EXPERIMENT, () => {});
  made.run();
  silence();
  pass(10_000);
  assert.equal(made.position, 12);
  assert.deepEqual(told, ["start 12"]);
  /** @type {string[]} */
  const next = [];
  made.listen(({ name }) => next.push(name));
  silence(); // comes late, and is not the next one's business
  made.run();
  assert.deepEqual(next, ["start"]);
});

test("a speed changes how long steps take, at once", () => {
  const { made, pass, element } = clock();
  made.follow(element, EXPERIMENT, () => {});
  made.rewind();
  made.choose("fast");
  made.run();
  pass(1000);
  assert.equal(made.position, 10); // 300 ms a step at normal speed
  made.choose("slow");
  pass(700);
  assert.equal(made.position, 11);
});

test("who prefers stillness sees the end at once, and the server is told", () => {
  const { made, told, element } = clock({ still: true });
  made.follow(element, EXPERIMENT, () => {});
  made.rewind();
  made.run();
  assert.equal(made.position, 12);
  assert.deepEqual(told, ["start 0", "end 12"]);
});

test("a click counts on what is on screen, and older answers are passed over", () => {
  const { made, pass, element } = clock();
  made.follow(element, EXPERIMENT, () => {});
  assert.deepEqual(made.flipBit(made.bitsOf(CHAIN), 2), { v: "111", flips: 1 });
  assert.deepEqual(made.flipBit(made.bitsOf(CHAIN), 0), { v: "011", flips: 2 });
  made.follow(element, { ...EXPERIMENT, experiment: "late", plays: 1, flips: 1 }, () => {});
  assert.equal(made.bitsOf(CHAIN), "011");
  made.follow(element, { ...EXPERIMENT, experiment: "answer", plays: 2, flips: 2 }, () => {});
  assert.equal(made.bitsOf(CHAIN), "111");
  pass(800);
  assert.equal(made.position, 0); // further clicks may come
  pass(10_000);
  assert.equal(made.position, 12);
});

test("who has not heard of an experiment keeps what it shows, until it is set by hand", () => {
  const { made, element } = clock();
  const other = /** @type {Element} */ (/** @type {unknown} */ ({ isConnected: true }));
  let drawn = 0;
  made.follow(element, EXPERIMENT, () => (drawn += 1));
  made.follow(other, { ...EXPERIMENT, experiment: "two", plays: 1 }, () => {});
  made.rewind();
  assert.equal(drawn, 1);
  made.flipBit("110", 0);
  assert.equal(drawn, 2);
});

test("what has left the page is not drawn any more", () => {
  const { made } = clock();
  const element = { isConnected: true };
  let drawn = 0;
  const follower = /** @type {Element} */ (/** @type {unknown} */ (element));
  made.follow(follower, EXPERIMENT, () => (drawn += 1));
  element.isConnected = false;
  const before = drawn;
  made.rewind();
  assert.equal(drawn, before);
});
