// <lk-explorable> brings to life what labkit/book/explorable_html.py laid down: a figure with
// controls. The model and the figure are the book's own Python, run in a worker; here values go
// out to it and what comes back is shown. Nothing is fetched until a reader comes near.

import { Engine } from "./engine.mjs";
import { keepTasks, Link } from "./memory.mjs";
import { Playhead } from "./playhead.mjs";

const NEAR = "400px"; // below the screen: when it scrolls in, the engines are there
const QUIET_MS = 500; // after the last change, the reading is read out and the link is written
const PLOTLY = "./vendor/plotly/plotly-basic.min.js";
const CONFIG = { displayModeBar: false, responsive: true, doubleClick: false };
const COLOURS = "ink ink2 paper panel line accent ready flight done failed old".split(" ");

/** An element with a class and children, in one line. */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

class Explorable extends HTMLElement {
  #engine; // made when a reader comes near
  #plotly; // the same
  #shown; // JSON text of what is on the screen, to paint it again in another theme
  #painted; // the figure that plotly drew last: a letter that changes nothing in it costs nothing
  #wanted = false; // values have changed since the last request
  #drawing = false;
  #touched = false; // by the reader; before that nothing is ticked and no link is written
  #quiet; // the timer that ends a run of changes

  async connectedCallback() {
    if (this.slug) return; // moved within the page
    this.slug = this.dataset.slug;
    this.spec = JSON.parse(this.querySelector('script[type="application/json"]').textContent);
    this.values = { ...this.spec.start };
    this.link = new Link(this.slug, this.spec);
    this.tasks = keepTasks(this.slug);
    this.form = this.querySelector("form");
    this.reading = this.querySelector(".lk-x-reading");
    this.say = this.querySelector(".lk-x-say");
    this.choose = this.say?.textContent;
    const bar = this.querySelector(".lk-x-play");
    if (bar) this.playhead = new Playhead(bar, (at) => this.#change({ [this.playhead.name]: at }));
    if (this.querySelector("textarea, .lk-x-path")) this.desk = new (await import("./desk.mjs")).Desk(this);
    this.#listen();
    this.#tick();
    this.#markPreset();
    this.classList.add("lk-x-live");
    if (this.link.isHere()) this.#follow();
    else this.#whenNear(() => this.#change({}));
    window.labkit ??= {};
    (window.labkit.explorables ??= {})[this.slug] = this;
  }

  /** What the explorable shows for `values`: the tests compare it with what CPython says. */
  async compute(values) {
    return JSON.parse(await this.engine.compute(values));
  }

  get engine() {
    return (this.#engine ??= new Engine(this.slug, this.dataset.libraries));
  }

  #listen() {
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", ({ target }) => {
      if (target.name) this.#set(target);
    });
    this.addEventListener("click", ({ target }) => {
      const { preset, play } = target.closest("button")?.dataset ?? {};
      if (!preset && !play) return;
      this.#touched = true;
      if (preset) this.#preset(preset);
      else this.playhead.act(play, this.values[this.playhead.name]);
      this.#change({}); // whatever it was, it begins or ends a run of changes
    });
    document.addEventListener("lk-theme", () => this.#paint());
    addEventListener("hashchange", () => {
      if (this.link.isHere()) this.#follow();
    });
  }

  #whenNear(act) {
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watcher.disconnect();
        act();
      },
      { rootMargin: NEAR },
    );
    watcher.observe(this);
  }

  /** Show what the page's address says. */
  async #follow() {
    this.playhead?.pause();
    const values = await this.link.read().catch(() => null);
    if (!values) this.#misfit(new Error("It is not whole."));
    else this.#change({ ...this.spec.start, ...values });
    this.scrollIntoView();
  }

  // From the controls to the values.

  #set(control) {
    this.#touched = true;
    const values = { [control.name]: this.#valueOf(control) };
    if (control === this.playhead?.range) this.playhead.pause();
    else if (this.playhead?.rest) values[this.playhead.name] = this.playhead.rest;
    this.#change(values);
  }

  #valueOf(control) {
    if (control === this.playhead?.range) return this.playhead.moment(Number(control.value));
    if (control.type === "textarea") return control.value;
    const stops = this.spec.stops[control.name];
    if (stops) return stops[control.value][0];
    if (control.type === "checkbox") return control.checked;
    return JSON.parse(control.value);
  }

  #preset(id) {
    this.playhead?.pause();
    this.#change({ ...this.spec.rest, ...this.spec.presets[id][0] });
    this.playhead?.tell();
  }

  #change(values) {
    Object.assign(this.values, values);
    for (const [name, value] of Object.entries(values)) this.#turn(name, value);
    this.#markPreset();
    this.reading.setAttribute("aria-busy", "true");
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#settle(), QUIET_MS);
    if (!this.#wanted) requestAnimationFrame(() => this.#redraw());
    this.#wanted = true;
  }

  /** Nothing has changed for a while: the reading may be read out, and the link is written. */
  #settle() {
    if (this.playhead?.playing) return;
    this.reading.removeAttribute("aria-busy");
    if (this.#touched) this.link.write(this.values);
  }

  // From the values to the controls.

  /** Turn the control of that name to `value`, unless it stands there already. */
  #turn(name, value) {
    const control = this.form.elements[name];
    if (!control) return; // left out of a compact one
    const atRest = value === this.spec.rest[name];
    if (control.type === "textarea") this.desk.fields.get(name).turn(value, atRest);
    else if (control.type === "checkbox") control.checked = value;
    else if (control.type !== "range") control.value = JSON.stringify(value);
    else if (name in this.spec.stops) this.#slide(control, value);
    else control.value = value;
  }

  #slide(control, value) {
    const stops = this.spec.stops[control.name];
    const away = (index) => Math.abs(stops[index][0] - value);
    let nearest = Number(control.value);
    for (const index of stops.keys()) if (away(index) < away(nearest)) nearest = index;
    control.value = nearest;
    if (away(nearest) === 0) this.#say(control, stops[nearest][1]);
  }

  #say(control, text) {
    if (control.type === "range") control.setAttribute("aria-valuetext", text);
    this.querySelector(`output[for="${control.id}"]`).textContent = text;
  }

  /** Press the button of the preset that the values are, if any, and say what to watch. */
  #markPreset() {
    let say = this.choose;
    for (const button of this.querySelectorAll("[data-preset]")) {
      const [preset, watch] = this.spec.presets[button.dataset.preset];
      const values = { ...this.spec.rest, ...preset };
      delete values[this.playhead?.name];
      const on = Object.entries(values).every(([name, value]) => this.values[name] === value);
      button.setAttribute("aria-pressed", String(on));
      if (on) say = watch;
    }
    if (this.say && this.say.textContent !== say) this.say.textContent = say;
  }

  // From the values to the figure.

  async #redraw() {
    if (this.#drawing) return; // the loop below sees what is wanted
    this.#drawing = true;
    try {
      this.#plotly ??= import(PLOTLY).then(() => window.Plotly);
      while (this.#wanted) {
        this.#wanted = false;
        const [shown] = await Promise.all([this.engine.compute(this.values), this.#plotly]);
        this.#shown = shown;
        await this.#paint();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#drawing = false;
    }
  }

  async #paint() {
    if (!this.#shown) return;
    const style = getComputedStyle(this);
    const colours = new Map(COLOURS.map((name) => [`@${name}`, style.getPropertyValue(`--lk-${name}`)]));
    const shown = JSON.parse(this.#shown, (key, value) =>
      key === "tone" ? value.slice(1) : (colours.get(value) ?? value),
    );
    const { layout } = shown.figure;
    const data = shown.figure.data.filter(({ x }) => x.length); // an empty trace costs as well
    layout.font.family = style.fontFamily;
    const Plotly = await this.#plotly;
    if (!this.plot) this.#clearStage();
    const staticPlot = data.every(({ hoverinfo }) => hoverinfo === "skip"); // nothing to point at
    const painted = JSON.stringify(shown.figure);
    if (painted !== this.#painted) {
      await Plotly.react(this.plot, data, layout, { ...CONFIG, staticPlot });
    }
    this.#painted = painted;
    this.#tell(shown);
    this.desk?.show(shown);
    this.dispatchEvent(new CustomEvent("lk-drawn", { detail: shown.values }));
  }

  /** Put a plot where the still figure stands. */
  #clearStage() {
    this.plot = make("div", "lk-x-plot");
    this.plot.setAttribute("role", "img");
    this.plot.setAttribute("aria-labelledby", `${this.id}-title`);
    this.plot.setAttribute("aria-describedby", this.reading.id);
    this.querySelector(".lk-x-figure").replaceChildren(this.plot);
  }

  #tell({ reading, numbers, done, texts, end }) {
    this.reading.textContent = reading;
    this.querySelector(".lk-x-numbers").replaceChildren(...numbers.map(numberOf));
    if (this.#touched) done.forEach(this.tasks.add);
    this.#tick();
    if (this.playhead) {
      this.playhead.stretch(end, this.values[this.playhead.name]);
      this.#say(this.playhead.range, texts[this.playhead.name]);
    }
    if (this.#wanted) return; // the other controls are ahead of these texts
    for (const [name, text] of Object.entries(texts)) {
      const control = this.form.elements[name];
      if (["range", "textarea"].includes(control?.type)) this.#say(control, text);
    }
  }

  #tick() {
    for (const line of this.querySelectorAll("[data-task]")) {
      const done = this.tasks.has(line.dataset.task);
      line.classList.toggle("lk-x-ticked", done);
      line.querySelector(".lk-x-tick").textContent = done ? "■" : "○";
      line.querySelector(".lk-x-done").textContent = done ? "Done." : "";
    }
  }

  #fail(error) {
    if (this.plot || !this.link.isHere()) {
      this.classList.remove("lk-x-live");
      this.desk?.close();
      this.#note(`The figure does not compute here: ${error.message}`);
    } else {
      this.#misfit(error);
    }
  }

  #misfit(error) {
    this.#note(`This link does not fit the figure: ${error.message} So it stands at its start.`);
    history.replaceState(history.state, "", location.pathname + location.search);
    this.#wanted = false;
    this.#change(this.spec.start);
  }

  #note(text) {
    const note = this.querySelector(".lk-x-note");
    note.textContent = text;
    note.hidden = false;
  }
}

/** A number printed large, as explorable_html.py prints it. */
function numberOf({ label, text, unit, note, tone }) {
  const value = make("dd", "", make("span", "lk-x-value", text));
  if (unit) value.append(" ", make("span", "lk-x-unit", unit));
  const block = make("div", "", make("dt", "", label), value);
  if (note) block.append(make("dd", "lk-x-small", note));
  block.dataset.tone = tone;
  return block;
}

customElements.define("lk-explorable", Explorable);
