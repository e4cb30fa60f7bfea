// The officers' lists: how many are ticked, all of a page at once. Everything works without it.
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-selection]")) {
    const boxes = [...document.querySelectorAll(`input[type=checkbox][name="${form.dataset.selection}"]`)];
    const said = form.querySelector("output"), before = said.textContent;
    const link = form.querySelector(".select-page a");
    const all = document.createElement("input");
    all.type = "checkbox";
    const label = document.createElement("label");
    label.className = "choice";
    label.append(all, link.textContent);
    link.replaceWith(label);
    const show = () => {
      const n = boxes.filter((box) => box.checked).length;
      said.textContent = n ? form.dataset.said.replace("{n}", n) : before;
      all.checked = n > 0 && n === boxes.length;
      all.indeterminate = n > 0 && n < boxes.length;
    };
    all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; show(); });
    for (const box of boxes) box.addEventListener("change", show);
    window.addEventListener("pageshow", show);
    show();
  }
  // A form whose answer is a file leaves the page as it is: it may be sent again.
  for (const form of document.querySelectorAll("form[data-download]")) {
    form.addEventListener("submit", () => setTimeout(() => { delete form.dataset.busy; }, 2000));
  }
})();
