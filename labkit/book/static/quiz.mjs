// <lk-quiz> brings the forms of labkit/questions/form.py to life, in the page and in JupyterLab.
//
// Nothing is written here but buttons and verdicts: every text that teaches stands in the form's
// folded answer, and is shown beneath its option when the reader has answered. A wrong try shows
// why it is wrong and leaves the rest open; a right one shows why for every option.
//
// It is one file, since JupyterLab takes it as one text (labkit/widgets/quiz.py).
//
// What a reader answered is kept in a store, by default this browser's localStorage, as
//     {"<question id>": {chosen: ["<option id>"], tries: 1, state: "wrong" | "right" | "shown"}}
// and is sent nowhere.

const ONE_AT_A_TIME_FROM = 4; // questions; fewer are simply listed
const MARKS = { right: "■", later: "◧", wrong: "✕", open: "○" };
const SAID = {
  right: "right",
  later: "right, not at the first try",
  wrong: "not right yet",
  open: "not answered",
};

function browserStore(bank) {
  const key = `labkit.quiz.${bank}`;
  let remembered = {}; // what stands in where the browser keeps nothing
  return {
    read() {
      try {
        return JSON.parse(localStorage.getItem(key)) ?? remembered;
      } catch {
        return remembered;
      }
    },
    write(answers) {
      remembered = answers;
      try {
        localStorage.setItem(key, JSON.stringify(answers));
      } catch {
        // no storage, or none left
      }
    },
  };
}

/** An element with a class, attributes and children, in one line. */
function make(tag, className, attributes = {}, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const spoken = (text) => make("span", "lk-visually-hidden", {}, text);
const mark = (name) => make("span", "lk-mark", { "aria-hidden": "true" }, MARKS[name]);

/** The mark that an answer earns: open, wrong, later or right. */
function standing(answer) {
  if (!answer) return "open";
  if (answer.state === "wrong") return "wrong";
  return answer.state === "right" && answer.tries === 1 ? "right" : "later";
}

/** One form: it judges an answer and shows what the folded answer has to say about it. */
class Question {
  constructor(form, quiz) {
    this.form = form;
    this.quiz = quiz;
    this.id = form.dataset.question;
    this.kind = form.dataset.kind;
    this.fieldset = form.querySelector("fieldset");
    this.inputs = [...form.querySelectorAll("input")];
    this.folded = form.querySelector(".lk-answer");
    this.name = form.querySelector(".lk-question-name").textContent;
    this.#addControls();
    form.tabIndex = -1;
    form.setAttribute("aria-label", `${this.name}: ${form.querySelector("legend").textContent}`);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.check();
    });
    this.render();
  }

  get answer() {
    return this.quiz.answers[this.id];
  }

  get done() {
    return Boolean(this.answer) && this.answer.state !== "wrong";
  }

  #addControls() {
    this.checkButton = make("button", "lk-check", { type: "submit" }, "Check");
    this.showButton = make("button", "lk-quiet", { type: "button" }, "Show the answer");
    this.againButton = make("button", "lk-quiet", { type: "button" }, "Try again");
    this.nextButton = make("button", "lk-next", { type: "button" }, "Next question");
    this.verdict = make("p", "lk-verdict", { role: "status" });
    this.showButton.addEventListener("click", () => this.show());
    this.againButton.addEventListener("click", () => this.again());
    this.nextButton.addEventListener("click", () => this.quiz.next(this));
    const buttons = make("div", "lk-buttons", {});
    buttons.append(this.checkButton, this.nextButton, this.showButton, this.againButton);
    this.after = make("div", "lk-after");
    this.fieldset.after(buttons, this.verdict, this.after);
  }

  get chosen() {
    if (this.kind === "number") {
      const [input] = this.inputs;
      return input.value === "" ? [] : [String(input.valueAsNumber)];
    }
    return this.inputs.filter((input) => input.checked).map((input) => input.value);
  }

  get key() {
    const rows = this.folded.querySelectorAll("[data-option][data-right]");
    return [...rows].map((row) => row.dataset.option);
  }

  isRight(chosen) {
    if (this.kind === "number") {
      const { answer, tolerance } = this.folded.querySelector(".lk-key").dataset;
      return Math.abs(Number(chosen[0]) - Number(answer)) <= Number(tolerance);
    }
    return [...chosen].sort().join() === [...this.key].sort().join();
  }

  check() {
    const chosen = this.chosen;
    if (this.done) return;
    if (chosen.length === 0) {
      this.verdict.textContent =
        this.kind === "number" ? "Type a number first." : "Choose an option first.";
      return;
    }
    const state = this.isRight(chosen) ? "right" : "wrong";
    this.#keep({ chosen, tries: (this.answer?.tries ?? 0) + 1, state });
    if (this.done) this.#moveOn();
  }

  show() {
    this.#keep({ chosen: this.chosen, tries: this.answer?.tries ?? 0, state: "shown" });
    this.#moveOn();
  }

  again() {
    this.quiz.keep(this.id, undefined);
    for (const input of this.inputs) {
      if (this.kind === "number") input.value = "";
      else input.checked = false;
    }
    this.render();
    this.inputs[0].focus();
  }

  #keep(answer) {
    this.quiz.keep(this.id, answer);
    this.render();
  }

  /** The Check button is gone: the focus goes to what comes next. */
  #moveOn() {
    (this.nextButton.hidden ? this.againButton : this.nextButton).focus({ preventScroll: true });
  }

  /** Bring the form in step with the answer that is kept. */
  render() {
    const { answer, done } = this;
    for (const old of this.form.querySelectorAll(".lk-feedback")) old.remove();
    this.after.replaceChildren();
    this.form.dataset.standing = standing(answer);
    if (this.kind === "number") this.#renderNumber();
    else this.#renderOptions();
    for (const input of this.inputs) input.disabled = done;
    if (done) this.#explain();
    this.checkButton.hidden = done;
    this.showButton.hidden = done || !answer;
    this.againButton.hidden = !done;
    this.nextButton.hidden = !done || !this.quiz.hasNext(this);
    this.verdict.replaceChildren(...this.#verdict(), ...this.#heard());
  }

  #renderOptions() {
    const { answer, done, key } = this;
    for (const option of this.form.querySelectorAll(".lk-option")) {
      const id = option.dataset.option;
      const chosen = Boolean(answer?.chosen.includes(id));
      const right = key.includes(id);
      const input = option.querySelector("input");
      if (chosen) input.checked = true;
      delete option.dataset.state;
      if (!done && !chosen) continue;
      if (right || chosen) option.dataset.state = right ? "right" : "wrong";
      const row = this.folded.querySelector(`[data-option="${id}"]`);
      option.append(this.#feedback(row, right ? "right" : "wrong"));
    }
  }

  #renderNumber() {
    const { answer, done } = this;
    const box = this.form.querySelector(".lk-number");
    delete box.dataset.state;
    if (!answer) return;
    const [given] = answer.chosen;
    if (given !== undefined) this.inputs[0].value = given;
    box.dataset.state = answer.state === "right" ? "right" : "wrong";
    if (done) return;
    const slips = [...this.folded.querySelectorAll("[data-value]")];
    const slip = slips.find((row) => Number(row.dataset.value) === Number(given));
    if (slip) box.append(this.#feedback(slip, "wrong"));
  }

  /** Why this option, or this number, is right or wrong. */
  #feedback(row, verdict) {
    const why = row.querySelector(".lk-why").cloneNode(true);
    const label = verdict === "right" ? "Right: " : "Wrong: ";
    return make("p", "lk-feedback", { "data-verdict": verdict }, mark(verdict), spoken(label), why);
  }

  /** What belongs to the whole question: the reason, the slips, the proof, where to read. */
  #explain() {
    const because = this.folded.querySelector(".lk-because");
    if (because) this.after.append(because.cloneNode(true));
    if (this.kind === "number") {
      const slips = this.folded.querySelectorAll(".lk-slips-head, .lk-whys");
      this.after.append(...[...slips].map((part) => part.cloneNode(true)));
    }
    const proof = this.folded.querySelector(".lk-proof");
    if (proof) this.after.append(proof.cloneNode(true));
    const passages = this.#passages();
    if (passages.length) this.after.append(make("p", "lk-passages", {}, "Read again: ", ...passages));
  }

  /** Links to the passages of this page that teach what the question examines. */
  #passages() {
    const links = new Map(); // by heading: two claims of one section need one link
    for (const claim of this.form.dataset.claims.split(" ")) {
      const anchor = document.getElementById(`claim-${claim}`);
      const heading = anchor?.closest("section")?.querySelector("h1, h2, h3, h4");
      if (!heading) continue;
      const title = [...heading.childNodes].filter((node) => !node.classList?.contains("headerlink"));
      const text = title.map((node) => node.textContent).join("").trim();
      if (!links.has(text)) links.set(text, make("a", "", { href: `#${anchor.id}` }, text));
    }
    return [...links.values()].flatMap((link, place) => (place ? [", ", link] : [link]));
  }

  #verdict() {
    const { answer } = this;
    if (!answer) return [];
    if (answer.state === "shown") return [`The answer is ${this.#keyText()}.`];
    if (answer.state === "right") {
      const tries = answer.tries > 1 ? `, at try ${answer.tries}` : "";
      return [mark(standing(answer)), ` That is right${tries}.`];
    }
    return [mark("wrong"), ` ${this.#wrongVerdict()}`];
  }

  /** The reasons that a reader sees at a glance, for one who hears the verdict. */
  #heard() {
    const whys = this.form.querySelectorAll("[data-state] > .lk-feedback > .lk-why");
    const because = this.after.querySelector(".lk-because");
    return [...whys, because].filter(Boolean).map((why) => spoken(` ${why.textContent}`));
  }

  #wrongVerdict() {
    if (this.kind === "number") return "Not that number. Try again.";
    if (this.kind !== "multiple") return "Not that one. Read why, then try again.";
    const right = this.answer.chosen.filter((id) => this.key.includes(id)).length;
    return `${right} of the ${this.key.length} right ones found. Read why, then try again.`;
  }

  #keyText() {
    return this.folded.querySelector(".lk-key").textContent;
  }
}

class Quiz extends HTMLElement {
  #store;
  #questions = [];
  #current = 0;

  /** Where answers are kept; set before the element is connected to keep them elsewhere. */
  set store(store) {
    this.#store = store;
  }

  connectedCallback() {
    if (this.#questions.length) return; // moved within the page
    this.#store ??= browserStore(this.dataset.bank);
    const forms = [...this.querySelectorAll("form.lk-question")];
    this.#questions = forms.map((form) => new Question(form, this));
    if (forms.length >= ONE_AT_A_TIME_FROM) this.#showOneAtATime();
    for (const question of this.#questions) question.render(); // now that each knows its next
    this.classList.add("lk-quiz-live");
  }

  get answers() {
    return this.#store.read();
  }

  keep(id, answer) {
    const answers = { ...this.#store.read() };
    if (answer) answers[id] = answer;
    else delete answers[id];
    this.#store.write(answers);
    this.#renderSteps();
  }

  hasNext(question) {
    return Boolean(this.steps) && this.#questions.indexOf(question) < this.#questions.length - 1;
  }

  next(question) {
    this.#show(this.#questions.indexOf(question) + 1);
    this.#questions[this.#current].form.focus({ preventScroll: true });
    if (this.getBoundingClientRect().top < 0) this.scrollIntoView();
  }

  #showOneAtATime() {
    const list = make("ol", "");
    const count = this.#questions.length;
    list.style.setProperty("--lk-columns-wide", Math.ceil(count / (count > 10 ? 2 : 1)));
    list.style.setProperty("--lk-columns-narrow", Math.ceil(count / (count > 10 ? 3 : 2)));
    this.#questions.forEach((question, index) => {
      const step = make("button", "lk-step", { type: "button" });
      step.addEventListener("click", () => this.#show(index));
      list.append(make("li", "", {}, step));
      // found by the browser's own search, or by a link
      question.form.addEventListener("beforematch", () => this.#show(index));
    });
    this.steps = make("nav", "lk-steps", { "aria-label": "Questions" }, list);
    this.tally = make("p", "lk-tally");
    this.summary = make("div", "lk-summary", { role: "status" });
    this.prepend(this.steps, this.tally);
    this.append(this.summary);
    const unanswered = this.#questions.findIndex((question) => !question.done);
    this.#show(Math.max(unanswered, 0));
    this.#followHash();
    addEventListener("hashchange", () => this.#followHash());
  }

  #followHash() {
    const index = this.#questions.findIndex(({ form }) => form.id && `#${form.id}` === location.hash);
    if (index < 0) return;
    this.#show(index);
    this.#questions[index].form.scrollIntoView();
  }

  #show(index) {
    this.#current = index;
    this.#questions.forEach(({ form }, place) => {
      if (place === index) form.removeAttribute("hidden");
      else form.setAttribute("hidden", "until-found");
    });
    this.#renderSteps();
  }

  #renderSteps() {
    if (!this.steps) return;
    const standings = this.#questions.map((question) => standing(question.answer));
    this.steps.querySelectorAll(".lk-step").forEach((step, index) => {
      const name = standings[index];
      step.dataset.standing = name;
      step.replaceChildren(mark(name), String(index + 1), spoken(`, ${SAID[name]}`));
      if (index === this.#current) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    });
    const total = standings.length;
    const first = standings.filter((name) => name === "right").length;
    const answered = first + standings.filter((name) => name === "later").length;
    this.tally.textContent = answered
      ? `${answered} of ${total} answered, ${first} at the first try`
      : `${total} questions`;
    this.#renderSummary(answered === total, first, standings);
  }

  #renderSummary(all, first, standings) {
    this.summary.replaceChildren();
    if (!all) return;
    const total = standings.length;
    const missed = standings.flatMap((name, index) => (name === "later" ? [index] : []));
    const again = make("button", "lk-quiet", { type: "button" }, "Start again");
    again.addEventListener("click", () => this.#startAgain());
    const head = `All ${total} answered, ${first} of them at the first try.`;
    const rest = missed.length
      ? ` Worth another look: ${missed.map((index) => index + 1).join(", ")}.`
      : "";
    this.summary.append(make("p", "", {}, head + rest), again);
  }

  #startAgain() {
    const answers = { ...this.#store.read() };
    for (const question of this.#questions) delete answers[question.id];
    this.#store.write(answers);
    for (const question of this.#questions) question.form.reset();
    for (const question of this.#questions) question.render();
    this.#show(0);
    this.#questions[0].form.focus();
  }
}

if (!customElements.get("lk-quiz")) customElements.define("lk-quiz", Quiz);

/** The face of labkit.widgets.quiz in JupyterLab: the same forms, answers kept by the kernel. */
export function render({ model, el }) {
  const quiz = make("lk-quiz", "lk-quiz");
  quiz.store = {
    read: () => model.get("answers"),
    write(answers) {
      model.set("answers", answers);
      model.save_changes();
    },
  };
  quiz.innerHTML = model.get("forms");
  // Keys are for the form: JupyterLab would move to another cell, and take the focus along.
  el.dataset.lmSuppressShortcuts = "true";
  el.addEventListener("keydown", (event) => event.stopPropagation());
  el.append(quiz);
}

export default { render };
