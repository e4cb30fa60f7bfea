// The service worker: what a person last saw, when there is no connection. Online it only looks on.
// Kept are pages that the server marks with their reader (Qitong-Reader); one reader at a time. A page without
// that mark (signed out, login run out, another person) empties what is kept. Nothing that is sent is ever kept.
"use strict";
const PAGES = "qitong-pages", FILES = "qitong-files", MOST = 80, PATIENCE = 10000;
const NOTHING = ["/offline?lang=zh-hans", "/offline?lang=en", "/offline?lang=zh-hans&sent", "/offline?lang=en&sent"];

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const files = await caches.open(FILES);
    // Without cookies: the page that is shown to whoever has no connection names nobody.
    await Promise.all(NOTHING.map(async (path) => files.put(path, await fetch(path, { credentials: "omit", cache: "reload" }))));
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(request.method === "GET" ? page(event) : sent(request));
  else if (request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(file(request));
});

const bare = (url) => url.split("#")[0];
const inTime = (promise) => Promise.race([promise, new Promise((_, no) => setTimeout(no, PATIENCE, new Error("slow")))]);

async function page(event) {
  const online = fetch(event.request).then((answer) => { event.waitUntil(look(event.request, answer.clone())); return answer; });
  event.waitUntil(online.catch(() => {}));
  try {
    return await inTime(online);
  } catch {
    const kept = await lastSeen(event.request);
    if (kept) return kept;
    try { return await online; } catch { return nothing(""); } // slow is not gone: what was never seen is waited for
  }
}

async function sent(request) {
  try { return await fetch(request); } catch { return nothing("&sent"); }
}

async function nothing(how) {
  const files = await caches.open(FILES), language = await (await files.match("/language"))?.text();
  const kept = await files.match(`/offline?lang=${language === "en" ? "en" : "zh-hans"}${how}`);
  return kept ? new Response(await kept.text(), { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } }) : Response.error();
}

// A page has come: keep it for its reader, or empty everything when it is nobody's.
async function look(request, answer) {
  if (answer.status !== 200 || !(answer.headers.get("Content-Type") || "").startsWith("text/html")) return;
  const reader = answer.headers.get("Qitong-Reader"), files = await caches.open(FILES);
  await files.put("/language", new Response(answer.headers.get("Content-Language") || ""));
  const known = await (await files.match("/reader"))?.text();
  if (known !== undefined && known !== reader) await caches.delete(PAGES);
  if (!reader) { await files.delete("/reader"); return; }
  await files.put("/reader", new Response(reader));
  const headers = new Headers({ "Content-Type": "text/html; charset=utf-8" });
  headers.set("Qitong-Reader", reader);
  headers.set("Qitong-Until", answer.headers.get("Qitong-Until") || "0");
  headers.set("Qitong-At", String(Date.now()));
  const pages = await caches.open(PAGES), body = await answer.text();
  await pages.delete(bare(request.url));
  await pages.put(bare(request.url), new Response(body, { headers }));
  const keys = await pages.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST)).map((key) => pages.delete(key)));
}

// The page as it was last seen, saying so; nothing once its time is over.
async function lastSeen(request) {
  const pages = await caches.open(PAGES), kept = await pages.match(bare(request.url), { ignoreVary: true });
  if (!kept) return undefined;
  const reader = await (await (await caches.open(FILES)).match("/reader"))?.text();
  if (kept.headers.get("Qitong-Reader") !== reader || Number(kept.headers.get("Qitong-Until")) < Date.now()) {
    await caches.delete(PAGES);
    return undefined;
  }
  const text = (await kept.text()).replace("<body ", `<body data-seen="${Number(kept.headers.get("Qitong-At"))}" `);
  return new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

async function file(request) {
  const files = await caches.open(FILES);
  try {
    const answer = await fetch(request);
    if (answer.ok) await files.put(request, answer.clone());
    return answer;
  } catch {
    return (await files.match(request, { ignoreVary: true })) || Response.error();
  }
}
