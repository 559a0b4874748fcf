// What every page does beyond the style sheets: the theme's button, copying code, hushing a note,
// opening folds for the printer, and saying where in the page the reader is.
"use strict";

(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";

  function themeButton() {
    const button = document.querySelector(".lk-theme");
    const show = () => button.setAttribute("aria-pressed", String(isDark()));
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem("lk-theme", root.dataset.theme);
      } catch {
        // A browser that keeps nothing still shows the chosen theme until the page is left.
      }
      show();
      document.dispatchEvent(new CustomEvent("lk-theme"));
    });
    system.addEventListener("change", () => {
      show();
      document.dispatchEvent(new CustomEvent("lk-theme"));
    });
    show();
  }

  function copyButtons() {
    if (!navigator.clipboard) return; // a page that was opened as a file may not copy
    for (const block of document.querySelectorAll("div.highlight")) {
      if (block.closest(".cell_output")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "lk-copy";
      button.textContent = "Copy";
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(block.querySelector("pre").innerText.trimEnd());
        button.textContent = "Copied";
        setTimeout(() => (button.textContent = "Copy"), 1500);
      });
      block.append(button);
    }
  }

  // Whoever moves by keyboard must be able to move what is wider than its frame.
  function reachScrollers() {
    const frames = document.querySelectorAll("pre, .lk-table, .cell_output .output");
    const mark = () => {
      for (const frame of frames) {
        if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
        else frame.removeAttribute("tabindex");
      }
    };
    addEventListener("resize", mark);
    mark();
  }

  function hushNotes() {
    addEventListener("keydown", (event) => {
      if (event.key === "Escape") root.classList.add("lk-hush");
    });
    for (const end of ["pointermove", "focusin"]) {
      addEventListener(end, (event) => {
        if (!event.target.closest?.(".lk-fact:is(:hover, :focus-within)")) root.classList.remove("lk-hush");
        else if (end === "focusin") root.classList.remove("lk-hush");
      });
    }
  }

  function openForPrint() {
    addEventListener("beforeprint", () => {
      for (const fold of document.querySelectorAll("main details:not([open])")) {
        fold.open = true;
        addEventListener("afterprint", () => (fold.open = false), { once: true });
      }
    });
  }

  function sayWhere() {
    const links = new Map();
    for (const link of document.querySelectorAll(".lk-sections a")) {
      const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (section) links.set(section, link);
    }
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries)
          links.get(target).classList.toggle("lk-here", isIntersecting);
      },
      { rootMargin: "-30% 0px -69% 0px" },
    );
    for (const section of links.keys()) watcher.observe(section);
  }

  themeButton();
  copyButtons();
  reachScrollers();
  hushNotes();
  openForPrint();
  sayWhere();
})();
