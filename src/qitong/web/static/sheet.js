// The sheet of a policy says what it means while one types. Without this file the button 更新 does.
(() => {
  "use strict";
  const form = document.querySelector("form[data-words-url]");
  if (!form) return;
  let wait, asked = 0;

  // Codes of facts below a formula go in where the cursor was.
  for (const code of form.querySelectorAll("code[data-into]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: code.textContent });
    button.className = "as-link";
    const field = document.getElementById(code.dataset.into);
    code.replaceChildren(button);
    button.addEventListener("click", () => {
      field.setRangeText(button.textContent, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }

  const show = (text) => {
    const said = new DOMParser().parseFromString(text, "text/html");
    for (const fresh of said.querySelectorAll("[data-words]")) {
      const there = form.querySelector(`[data-words="${CSS.escape(fresh.dataset.words)}"]`);
      if (there && there.innerHTML !== fresh.innerHTML) there.replaceChildren(...fresh.childNodes);
    }
    // Another fact asks for another kind of value. Where the cursor is nothing is taken away.
    for (const fresh of said.querySelectorAll("[data-swap]")) {
      const there = form.querySelector(`[data-swap="${CSS.escape(fresh.dataset.swap)}"]`);
      if (there && there.dataset.kind !== fresh.dataset.kind && !there.contains(document.activeElement)) there.replaceWith(fresh);
    }
  };

  const ask = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.wordsUrl, { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual" });
      if (answer.ok && mine === asked) show(await answer.text());
    } catch { /* no connection: the sentences wait for the next stroke */ }
  };
  form.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(ask, 400);
  });
})();
