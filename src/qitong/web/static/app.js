// Qitong on a device: registers the service worker, and says when what one reads is not the newest.
(() => {
  "use strict";
  const words = document.currentScript.dataset, seen = Number(document.body?.dataset.seen);
  if (words.worker && "serviceWorker" in navigator) navigator.serviceWorker.register(words.worker).catch(() => {});

  const note = document.createElement("div");
  note.className = "wrap offline-note";
  note.setAttribute("role", "status");
  const main = document.getElementById("main");
  const say = (...parts) => { note.replaceChildren(...parts); if (!note.isConnected) main?.before(note); };
  const read = document.documentElement.lang.startsWith("en") ? "en-GB" : "zh-CN";
  const of = (moment) => new Date(moment).toLocaleString(read, { month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false });
  const isWriting = () => document.activeElement?.matches("input, textarea, select") || [...document.forms].some((f) => f.dataset.touched);

  const away = () => say(words.offline.replace("{time}", of(seen || Date.parse(words.time))));
  const back = () => {
    if (!note.isConnected && !document.body.dataset.alone) return;
    if (!isWriting()) { location.reload(); return; }
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = words.reload;
    link.addEventListener("click", (event) => { event.preventDefault(); location.reload(); });
    say(words.online + " ", link);
  };
  document.addEventListener("input", ({ target }) => { if (target.form) target.form.dataset.touched = "1"; });
  // "online" says that there is a network, not that it reaches us: only an answer is worth a reload.
  // And whoever is on the way to another page is not called back from it.
  let leaving = false;
  addEventListener("beforeunload", () => { leaving = true; setTimeout(() => { leaving = false; }, 5000); });
  const look = () => { if (navigator.onLine) fetch("/sw.js", { cache: "no-store" }).then((answer) => { if (answer.ok && !leaving) back(); }, () => {}); };
  addEventListener("offline", away);
  addEventListener("online", look);
  if (seen) away();
  // Served from the device though there is a connection (a slow one): look again until it answers.
  if (seen || document.body.classList.contains("no-connection")) {
    document.body.dataset.alone = "1";
    setInterval(look, 3000);
  }

  // What was kept for a person leaves the device with them.
  document.querySelector('form[action="/logout"]')?.addEventListener("submit", () => { if ("caches" in window) caches.delete("qitong-pages"); });
})();
