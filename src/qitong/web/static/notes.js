// Notes that have been on the screen for a moment are read: sends the form that otherwise waits for a click.
(() => {
  "use strict";
  const form = document.querySelector("form[data-read-notes]");
  if (!form || !("IntersectionObserver" in window)) return;
  let timer = 0;
  const watch = new IntersectionObserver(([entry]) => {
    clearTimeout(timer);
    if (entry.isIntersecting && !document.hidden) timer = setTimeout(send, 1500);
  }, { threshold: 1 });
  const send = async () => {
    watch.disconnect();
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
      if (answer.ok || answer.type === "opaqueredirect") form.hidden = true;
    } catch { /* not noted: the button is still there */ }
  };
  watch.observe(form);
})();
