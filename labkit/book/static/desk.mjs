// What an explorable with texts has besides: fields to write in, with a margin that says what came
// of each line, and the path to what the figure shows. The book laid them down when it was built.

/** An element with a class and children, in one line. */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** A text and its margin. */
class Field {
  constructor(area) {
    this.area = area;
    this.fold = area.closest("details");
    this.margin = this.fold.querySelector(".lk-x-margin");
    this.flaws = this.fold.querySelector(".lk-x-flaws");
    area.readOnly = false;
    area.addEventListener("input", () => this.#fit());
    if (area.dataset.blank) this.#offer();
    this.#fit();
  }

  /** Stand at `text`; an empty one folds, and a rarer one that is as it was laid down. */
  turn(text, atRest) {
    if (this.area.value === text) return;
    this.area.value = text;
    this.fold.open = text !== "" && !(atRest && "more" in this.fold.dataset);
    this.#fit();
  }

  /** Show what was said of each line; each flaw leads to its place. */
  mark(marks) {
    const first = new Map();
    for (const mark of marks) if (!first.has(mark.line)) first.set(mark.line, mark);
    const rows = Array.from({ length: this.#lines }, (_, index) => {
      const row = make("span", "");
      const mark = first.get(index + 1);
      if (mark) {
        row.dataset.tone = mark.tone;
        row.title = mark.says;
        row.append(make("b", "", mark.sign));
      }
      row.append(index + 1);
      return row;
    });
    this.margin.replaceChildren(...rows);
    const flaws = marks.filter((mark) => mark.is_flaw);
    this.area.setAttribute("aria-invalid", String(flaws.length > 0));
    const said = flaws.map(({ says }) => says).join("\n");
    if (said === this.said) return; // nothing to read out again
    this.said = said;
    this.flaws.replaceChildren(...flaws.map((mark) => this.#flaw(mark)));
  }

  get #lines() {
    return this.area.value.split("\n").length;
  }

  #flaw({ line, column, tone, says }) {
    const button = make("button", "", says);
    button.type = "button";
    button.addEventListener("click", () => this.#goTo(line, column));
    const item = make("li", "", button);
    item.dataset.tone = tone;
    return item;
  }

  #goTo(line, column) {
    const before = this.area.value.split("\n").slice(0, line - 1);
    const at = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
    this.area.focus();
    this.area.setSelectionRange(at, at + 1);
  }

  #offer() {
    this.begin = make("button", "lk-x-begin", "Write one");
    this.begin.type = "button";
    this.begin.setAttribute("aria-describedby", this.area.getAttribute("aria-labelledby"));
    this.begin.addEventListener("click", () => {
      this.area.value = this.area.dataset.blank;
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
      this.area.focus();
    });
    this.area.parentElement.after(this.begin);
  }

  #fit() {
    this.area.rows = this.#lines;
    if (this.begin) this.begin.hidden = this.area.value.trim() !== "";
  }
}

/** All texts of an explorable. */
export class Desk {
  constructor(explorable) {
    this.path = explorable.querySelector(".lk-x-path");
    this.fields = new Map();
    for (const area of explorable.querySelectorAll("textarea")) {
      this.fields.set(area.name, new Field(area));
    }
  }

  /** Only to be read from now on. */
  close() {
    for (const { area } of this.fields.values()) area.readOnly = true;
  }

  show({ marks, path }) {
    for (const [name, field] of this.fields) field.mark(marks[name]);
    this.path?.replaceChildren(...path.map(entryOf));
  }
}

/** A line of the path with those below it, as labkit/explorables/listing.py draws it. */
function entryOf({ name, says, sign, tone, entries }) {
  const mark = make("span", "lk-x-sign", sign);
  mark.setAttribute("aria-hidden", "true");
  const item = make("li", "", mark, make("p", "", make("b", "", name), ` ${says}`));
  item.dataset.tone = tone;
  if (entries.length) {
    const list = make("ul", "", ...entries.map(entryOf));
    list.setAttribute("role", "list");
    item.append(list);
  }
  return item;
}
