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
  // Phrases below a text: the link to the page to copy from becomes a list that inserts at the cursor.
  const known = new Map();
  const phrases = (href) => {
    const url = href + (href.includes("?") ? "&" : "?") + "as=json";
    if (!known.has(url)) known.set(url, fetch(url, { credentials: "same-origin" }).then((it) => it.json()));
    return known.get(url);
  };
  const insert = (field, text) => {
    const { selectionStart: from, selectionEnd: to } = field;
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  };
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-phrases]");
    const field = link && document.getElementById(link.dataset.phrases);
    if (!field || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    try {
      const found = (await phrases(link.href)).phrases;
      const list = document.createElement("select");
      list.setAttribute("aria-label", link.textContent);
      list.add(new Option(found.length ? link.dataset.choose : link.dataset.none, ""));
      for (const it of found) list.add(new Option(it.name, it.text));
      list.addEventListener("change", () => { if (list.value) insert(field, list.value); list.value = ""; });
      link.replaceWith(list);
      list.focus();
    } catch { location.href = link.href; }
  });
  // A form whose answer is a file leaves the page as it is: it may be sent again.
  for (const form of document.querySelectorAll("form[data-download]")) {
    form.addEventListener("submit", () => setTimeout(() => { delete form.dataset.busy; }, 2000));
  }
})();
