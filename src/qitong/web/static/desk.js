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
  // Phrases below a text: the link to the page to copy from opens a list that inserts at the cursor.
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
  const make = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  const listed = (found, link) => {
    const list = make("ul", "");
    list.className = "phrase-list";
    list.setAttribute("aria-label", link.dataset.choose);
    for (const it of found) {
      const button = Object.assign(make("button", it.name), { type: "button", value: it.text });
      button.append(make("span", it.text));
      list.append(make("li", ""));
      list.lastChild.append(button);
    }
    if (!found.length) {
      const add = Object.assign(make("a", link.dataset.add), { href: link.dataset.manage, target: "_blank" });
      const said = make("p", `${link.dataset.none} `);
      said.append(add);
      list.append(make("li", ""));
      list.lastChild.append(said);
    }
    return list;
  };
  const shut = (link) => {
    link.parentElement.nextElementSibling.remove();
    link.setAttribute("aria-expanded", "false");
  };
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-phrases]");
    const field = link && document.getElementById(link.dataset.phrases);
    if (!field || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (link.getAttribute("aria-expanded") === "true") { shut(link); return; }
    try {
      const list = listed((await phrases(link.href)).phrases, link);
      list.addEventListener("click", (click) => {
        const button = click.target.closest("button");
        if (button) { shut(link); insert(field, button.value); }
      });
      list.addEventListener("keydown", (key) => {
        if (key.key === "Escape") { key.preventDefault(); shut(link); link.focus(); }
      });
      link.parentElement.after(list);
      link.setAttribute("aria-expanded", "true");
      list.querySelector("button, a").focus();
    } catch { location.href = link.href; }
  });
  // A form whose answer is a file leaves the page as it is: it may be sent again.
  for (const form of document.querySelectorAll("form[data-download]")) {
    form.addEventListener("submit", () => setTimeout(() => { delete form.dataset.busy; }, 2000));
  }
})();
