// The officers' palette (Ctrl K or /), keys and recent cases. Everything here can be done without it.
(() => {
  "use strict";
  const palette = document.getElementById("palette"), help = document.getElementById("keys");
  if (!palette || !help || !palette.showModal) return;
  const input = palette.querySelector("input"), list = palette.querySelector("[role=listbox]");
  const status = palette.querySelector("[role=status]"), words = palette.dataset;
  const group = (name) => list.querySelector(`[data-group=${name}]`);
  const store = (key, value) => { // a forbidden or full store keeps nothing, and nothing depends on it
    try { return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value); } catch { return null; }
  };

  // ---- recent cases: on this device, for this reader, until they sign out ----
  const RECENT = "qitong:recent:" + words.reader;
  const [before, after] = words.case.split("NUMBER");
  const recent = () => { try { return JSON.parse(store(RECENT)) || []; } catch { return []; } };
  const here = location.pathname;
  if (here.startsWith(before) && here.endsWith(after) && !here.slice(before.length).includes("/")) {
    const title = document.querySelector("main h1");
    const kept = recent().filter((one) => one.href !== here);
    if (title) store(RECENT, JSON.stringify([{ href: here, number: decodeURIComponent(here.slice(before.length)), title: title.textContent.trim() }, ...kept].slice(0, 6)));
  }

  // ---- options ----
  let made = 0;
  const option = (into, act, ...parts) => {
    const it = document.createElement("div");
    it.id = "palette-made-" + made++;
    it.setAttribute("role", "option");
    it.setAttribute("aria-selected", "false");
    it.dataset.made = "1";
    it.append(...parts);
    if (typeof act === "string") it.dataset.href = act;
    else it.act = act;
    into.append(it);
    return it;
  };
  const span = (kind, text) => Object.assign(document.createElement("span"), { className: kind, textContent: text });
  const marked = (kind, pieces) => {
    const it = span(kind, "");
    for (const [text, hit] of pieces) it.append(hit ? Object.assign(document.createElement("mark"), { textContent: text }) : text);
    return it;
  };
  const clear = (name) => group(name).querySelectorAll("[data-made]").forEach((one) => one.remove());
  const shown = () => [...list.querySelectorAll("[role=option]")].filter((one) => !one.hidden && !one.closest("[hidden]"));
  const settle = () => {
    for (const one of list.querySelectorAll("[role=group]")) one.hidden = ![...one.querySelectorAll("[role=option]")].some((o) => !o.hidden);
  };

  // ---- what the present page offers: its own forms; choosing leads to them, it does not do them ----
  const fillDeeds = () => {
    clear("deeds");
    for (const it of document.querySelectorAll("main .deed > summary, main form.deed button:not([type=button]), main .deed > button[type=submit]")) {
      const row = it.closest("tr"), head = row && row.querySelector("th, td");
      const parts = [span("", it.textContent.trim())];
      if (head) parts.push(span("muted", " " + head.textContent.trim().replace(/\s+/g, " ").slice(0, 40)));
      option(group("deeds"), () => reach(it), ...parts);
    }
  };
  const reach = (it) => {
    for (let up = it.closest("details"); up; up = up.parentElement && up.parentElement.closest("details")) up.open = true;
    const field = it.matches("summary") && it.parentElement.querySelector(".inside :is(input, select, textarea):not([type=hidden])");
    const to = field || it;
    to.scrollIntoView({ block: "center" });
    to.focus();
  };
  const fillRecent = () => {
    clear("recent");
    for (const one of recent()) if (one.href !== here) option(group("recent"), one.href, span("no", one.number), " " + one.title);
  };

  // ---- choosing ----
  let chosen = null;
  const choose = (it) => {
    if (chosen) chosen.setAttribute("aria-selected", "false");
    chosen = it || null;
    if (!chosen) return input.removeAttribute("aria-activedescendant");
    chosen.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  };
  const act = (it) => {
    const act = it.act, { href, opens } = it.dataset;
    palette.close();
    if (act) act();
    else if (opens) open(help);
    else location.assign(href);
  };
  list.addEventListener("click", (event) => {
    const it = event.target.closest("[role=option]");
    if (it) act(it);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const all = shown(), at = all.indexOf(chosen);
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all[(at <= 0 ? all.length : at) - 1]);
    else if (event.key === "Enter" && chosen) act(chosen);
    else if (event.key === "Enter" && !input.value.trim()) { /* nothing to search for */ }
    else return;
    event.preventDefault();
  });

  // ---- searching as one types: late answers are dropped ----
  let timer = 0, asking = null;
  const update = () => {
    const text = input.value.trim(), bare = text.toLowerCase();
    for (const one of list.querySelectorAll("[data-group=pages] [role=option], [data-group=deeds] [role=option], [data-group=recent] [role=option]"))
      one.hidden = !!bare && !one.textContent.toLowerCase().includes(bare);
    clear("cases");
    if (text) option(group("cases"), () => palette.querySelector("form").submit(), words.all.replace("{q}", text));
    choose(null);
    settle();
    status.textContent = "";
    clearTimeout(timer);
    if (asking) asking.abort();
    if (text) timer = setTimeout(() => search(text), 150);
  };
  const search = async (text) => {
    const mine = asking = new AbortController();
    try {
      const answer = await fetch(words.few + "?" + new URLSearchParams({ q: text }), { signal: mine.signal, headers: { Accept: "application/json" }, credentials: "same-origin" });
      const said = await answer.json();
      if (mine === asking && !mine.signal.aborted) show(said);
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = words.lost;
    }
  };
  const show = (said) => {
    if (said.error) { status.textContent = said.error; return; }
    const into = group("cases"), all = into.querySelector("[data-made]");
    for (const one of said.cases) {
      const it = option(into, one.url, marked("no", one.number), " ", marked("", one.title), " ", marked("muted", one.company));
      for (const why of one.why) it.append(marked("why", why));
    }
    if (all) into.append(all);
    settle();
    status.textContent = said.cases.length ? words.count.replace("{n}", said.count) : words.none;
  };
  input.addEventListener("input", (event) => { if (!event.isComposing) update(); });
  input.addEventListener("compositionend", update);

  // ---- opening; closing gives the focus back ----
  const open = (dialog) => {
    if (dialog.open) return;
    if (dialog === palette) {
      input.value = "";
      fillDeeds();
      fillRecent();
      update();
    } else for (const row of help.querySelectorAll("[data-needs]")) row.hidden = !document.querySelector(row.dataset.needs);
    dialog.showModal();
  };
  for (const dialog of [palette, help]) dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  for (const it of document.querySelectorAll("button[data-opens]")) {
    it.hidden = false;
    it.addEventListener("click", () => open(document.getElementById(it.dataset.opens)));
  }

  // ---- keys ----
  const OFF = "desk-keys-off:" + words.reader, tick = help.querySelector("input");
  tick.checked = !store(OFF);
  tick.addEventListener("change", () => { try { tick.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"); } catch { /* for this page, then */ } });
  const links = () => [...document.querySelectorAll("main tbody tr")].map((row) => row.querySelector("th a, td a")).filter(Boolean);
  const row = () => document.activeElement && document.activeElement.closest("main tbody tr");
  const step = (by) => {
    const all = links(), at = all.findIndex((link) => link.closest("tr") === row());
    const to = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
    if (to) { to.focus(); to.scrollIntoView({ block: "nearest" }); }
  };
  const deeds = {
    palette: () => open(palette),
    keys: () => open(help),
    next: () => step(1),
    previous: () => step(-1),
    open: () => { const link = row() && row().querySelector("th a, td a"); if (link) link.click(); },
    tick: () => { const box = row() && row().querySelector("input[type=checkbox]"); if (box) box.click(); },
    onwards: () => document.querySelector(".review-head a[rel=next]").click(),
    back: () => document.querySelector(".review-head a[rel=prev]").click(),
    deeds: () => { const first = document.querySelector("#deeds :is(summary, button, a)"); if (first) reach(first); },
  };
  const table = new Map([...help.querySelectorAll("[data-keys]")].map((it) => [it.dataset.keys, it]));
  const typing = (it) => it.isContentEditable || (it.matches("input, select, textarea") && !["checkbox", "radio", "button", "submit"].includes(it.type));
  let pressed = "", last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (palette.open) palette.close();
      else { help.close(); open(palette); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && event.key.length > 1) return;
    if (!tick.checked || document.querySelector("dialog[open]") || typing(event.target) || event.key.length !== 1) return;
    const begun = Date.now() - last < 1500 ? pressed : "";
    const sequence = begun ? begun + " " + event.key : event.key;
    const it = table.get(sequence) || table.get(event.key);
    last = Date.now();
    pressed = it ? "" : event.key;
    if (!it || (it.dataset.needs && !document.querySelector(it.dataset.needs))) return;
    event.preventDefault();
    if (it.dataset.href) location.assign(it.dataset.href);
    else deeds[it.dataset.does]();
  });
})();
