// A moment of a figure's own time, moved by play, pause and steps.

const ICONS = { Play: "M6 3.5v13l10-6.5z", Pause: "M5 4h3.5v12H5zM11.5 4H15v12h-3.5z" };

const stillness = matchMedia("(prefers-reduced-motion: reduce)");

export class Playhead {
  #frame = 0; // the animation frame that moves it next

  /** `bar` holds its range, buttons and speed; `move(at)` is called with each new moment. */
  constructor(bar, move) {
    this.range = bar.querySelector("input");
    this.rest = Number(this.range.dataset.rest ?? 0); // stands for the end, wherever that is
    this.pace = Number(this.range.dataset.pace); // steps a second at speed 1
    this.speed = bar.querySelector('[data-play="speed"]');
    this.button = bar.querySelector('[data-play="play"]');
    this.move = move;
  }

  get name() {
    return this.range.name;
  }

  get playing() {
    return this.#frame !== 0;
  }

  get #end() {
    return Number(this.range.max);
  }

  get #step() {
    return Number(this.range.step);
  }

  /** The moment that a place on its range stands for. */
  moment(at) {
    return this.rest && at >= this.#end ? this.rest : at;
  }

  /** The time ends at `end` now, and the playhead stands at the moment `at`. */
  stretch(end, at) {
    this.range.max = end;
    this.range.value = at;
  }

  /** Do what a button says: play (or pause), back, forward. */
  act(what, at) {
    if (what === "play") this.playing ? this.pause() : this.play(at);
    else this.#stepTo(at, what === "back" ? -1 : 1);
  }

  /** Play from the moment `at`, or from the beginning when that is the end. */
  play(at) {
    let now = at < this.#end ? at : 0;
    let last = performance.now();
    const frame = (time) => {
      const passed_s = Math.max(0, time - last) / 1000;
      if (!stillness.matches || passed_s >= 1) {
        last = time;
        now += passed_s * this.pace * this.#step * Number(this.speed.value);
        now = Math.min(this.#end, Math.round(now * 1000) / 1000);
        this.move(this.moment(now));
        if (now >= this.#end) return this.pause();
      }
      this.#frame = requestAnimationFrame(frame);
    };
    this.#frame = requestAnimationFrame(frame);
    this.#show("Pause");
  }

  /** Where a figure replays how it came about, do so, for a reader who likes motion. */
  tell() {
    if (this.rest && !stillness.matches) this.play(this.rest);
  }

  pause() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#show("Play");
  }

  #stepTo(at, ways) {
    this.pause();
    const to = (Math.round(Math.min(at, this.#end) / this.#step) + ways) * this.#step;
    this.move(this.moment(Math.min(this.#end, Math.max(0, to))));
  }

  #show(name) {
    this.button.setAttribute("aria-label", name);
    this.button.querySelector("path").setAttribute("d", ICONS[name]);
  }
}
