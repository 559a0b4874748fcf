// What every page does beyond the style sheets: the theme's button, copying code, closing the
// contents, hushing a note, opening folds for the printer, and saying where the reader is.
"use strict";

(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";

  function themeButton() {
    const button = document.querySelector(".lk-theme");
    const show = () => {
      button.setAttribute("aria-pressed", String(isDark()));
      document.dispatchEvent(new CustomEvent("lk-theme")); // figures take their colours again
    };
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem("lk-theme", root.dataset.theme);
      } catch {
        // A browser that keeps nothing still shows the chosen theme until the page is left.
      }
      show();
    });
    system.addEventListener("change", show);
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

  // A link to a place in this page leaves the page where it is, and the contents over it.
  function closeContents() {
    const contents = document.getElementById("contents");
    contents.addEventListener("click", (event) => {
      if (event.target.closest("a") && contents.matches(":popover-open")) contents.hidePopover();
    });
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

  // Escape takes a note away until the reader goes on to something else.
  function hushNotes() {
    for (const fact of document.querySelectorAll(".lk-fact")) {
      const speak = () => fact.classList.remove("lk-hushed");
      fact.addEventListener("pointerleave", speak);
      fact.addEventListener("focusout", speak);
    }
    addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      const shown = document.querySelectorAll(".lk-fact:is(:hover, :focus-within)");
      for (const fact of shown) fact.classList.add("lk-hushed");
    });
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
  closeContents();
  reachScrollers();
  hushNotes();
  openForPrint();
  sayWhere();
})();
