// What JavaScript adds: the combobox of suggestions (ARIA Authoring Practices, "list autocomplete with manual selection") on what htmx
// brings, and the buttons that copy. Everything else works without it.
(() => {
  "use strict";
  const said = document.getElementById("said");
  const say = (text) => { said.textContent = ""; requestAnimationFrame(() => { said.textContent = text; }); };

  const input = document.getElementById("q");
  const list = document.getElementById("suggestions");
  if (input && list) {
    let at = -1; // the option that the arrow keys are on
    const options = () => [...list.querySelectorAll("[role=option]")];
    const open = () => !list.hidden;
    const move = (to) => {
      const all = options();
      all.forEach((o, i) => o.setAttribute("aria-selected", String(i === to)));
      at = to;
      if (to < 0) { input.removeAttribute("aria-activedescendant"); return; }
      input.setAttribute("aria-activedescendant", all[to].id);
      all[to].scrollIntoView({ block: "nearest" });
    };
    const show = (yes) => {
      list.hidden = !yes;
      input.setAttribute("aria-expanded", String(yes));
      if (!yes) move(-1);
    };
    const go = (option) => { location.assign(option.dataset.to); };

    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    // Nothing is asked about less than two letters; an answer that comes late is not shown.
    document.addEventListener("htmx:before:request", (e) => {
      if (e.target === input && input.value.trim().length < 2) { e.preventDefault(); show(false); }
    });
    document.addEventListener("htmx:after:swap", (e) => {
      if (e.target !== input) return;
      const n = options().length;
      move(-1);
      if (document.activeElement !== input || input.value.trim().length < 2) { show(false); return; }
      show(n > 0);
      const d = input.dataset;
      say(n === 0 ? d.none : n === 1 ? d.one : d.some.replace("%", String(n)));
    });
    input.addEventListener("input", () => { if (input.value.trim().length < 2) show(false); });
    input.addEventListener("keydown", (e) => {
      const n = options().length;
      if (e.isComposing) return;
      switch (e.key) {
        case "ArrowDown":
        case "ArrowUp":
          if (n === 0) return;
          e.preventDefault();
          if (!open()) { show(true); return; }
          // One step beyond either end is the text itself.
          move(e.key === "ArrowDown" ? (at + 2) % (n + 1) - 1 : (at + n + 1) % (n + 1) - 1);
          return;
        case "Escape":
          if (open()) { e.preventDefault(); show(false); }
          return;
        case "Tab":
          show(false);
      }
    });
    // Enter, or a button of a keyboard on a screen that says "go": the option in place of the text.
    input.form.addEventListener("submit", (e) => {
      if (open() && at >= 0) { e.preventDefault(); go(options()[at]); }
    });
    list.addEventListener("mousedown", (e) => e.preventDefault()); // the text keeps the focus
    list.addEventListener("click", (e) => {
      const option = e.target.closest("[role=option]");
      if (option) go(option);
    });
    input.addEventListener("blur", () => show(false));
    window.addEventListener("pageshow", () => show(false)); // back from a suggestion
  }

  // Without a clipboard (plain http, old browsers) there is no button: the address can be selected.
  if (navigator.clipboard) {
    for (const b of document.querySelectorAll("button.copy")) {
      const label = b.textContent;
      b.hidden = false;
      b.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(b.dataset.copy);
        } catch { return; }
        b.textContent = "✓";
        b.classList.add("done");
        say(b.dataset.done);
        setTimeout(() => { b.textContent = label; b.classList.remove("done"); }, 2000);
      });
    }
  }

  // On a telephone filters would push the answers off the screen.
  const fold = () => {
    const filters = document.querySelector(".filters > details");
    if (filters && matchMedia("(max-width: 54rem)").matches) filters.open = false;
  };
  fold();
  document.addEventListener("htmx:after:swap", (e) => { if (e.target.matches(".filters")) fold(); });
})();
