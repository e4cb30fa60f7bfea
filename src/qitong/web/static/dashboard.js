// The tables say everything; this draws them, and keeps the page on the wall fresh.
(() => {
  "use strict";
  const root = document.documentElement;
  const token = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();
  const drawn = [], NARROW = 500; // px: of the chart

  // Not by colour alone: what is late is hatched as well.
  const hatched = (colour) => {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = token("surface");
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = colour;
    pen.lineWidth = 3;
    for (const x of [-8, 0, 8]) {
      pen.beginPath();
      pen.moveTo(x, 8);
      pen.lineTo(x + 8, 0);
      pen.stroke();
    }
    return pen.createPattern(tile, "repeat");
  };

  // The number beside or on each bar, so that nobody has to read it off an axis.
  const labels = (data) => ({
    id: "labels",
    afterDatasetsDraw(chart) {
      const pen = chart.ctx;
      pen.save();
      pen.font = `600 13px ${Chart.defaults.font.family}`;
      pen.fillStyle = token("ink");
      pen.textBaseline = "middle";
      const sums = data.labels.map((_, i) => data.series.reduce((sum, one) => sum + one.values[i], 0));
      chart.data.datasets.forEach((one, d) => {
        const last = d === chart.data.datasets.length - 1;
        chart.getDatasetMeta(d).data.forEach((bar, i) => {
          const value = data.stacked ? sums[i] : one.data[i];
          if (!value || (data.stacked && !last)) return;
          pen.textAlign = data.across ? "left" : "center";
          pen.fillText(value.toLocaleString(), bar.x + (data.across ? 6 : 0), bar.y - (data.across ? 0 : 10));
        });
      });
      pen.restore();
    },
  });

  // Long names take two lines on a phone instead of losing their beginning.
  const folded = (label, narrow) => {
    const longest = /[\u3400-\u9fff]/.test(label) ? 9 : 18;
    if (!narrow || typeof label !== "string" || label.length <= longest) return label;
    const half = label.length <= 2 * longest ? Math.ceil(label.length / 2) : longest; // not one sign alone on a line
    const gap = label.lastIndexOf(" ", longest), free = gap > 0 ? gap : half;
    const at = "（《“".includes(label[free - 1]) ? free - 1 : free; // what opens belongs to what it opens
    const rest = label.slice(at).trim();
    return [label.slice(0, at), rest.length > longest ? rest.slice(0, longest - 1) + "…" : rest];
  };

  const settings = (data, narrow) => {
    const count = { beginAtZero: true, stacked: data.stacked, grace: "12%", ticks: { precision: 0, color: token("muted") }, grid: { color: token("line") }, border: { color: token("edge") } };
    const names = { stacked: data.stacked, ticks: { color: token("ink"), autoSkip: narrow && !data.across, maxRotation: 0 }, grid: { display: false }, border: { color: token("edge") } };
    return {
      type: "bar",
      data: {
        labels: data.labels.map((label) => folded(label, narrow && data.across)),
        datasets: data.series.map((one) => ({
          label: one.label, data: one.values, maxBarThickness: 28, borderWidth: 1.5, borderColor: token(one.tone),
          backgroundColor: one.hatch ? hatched(token(one.tone)) : token(one.tone),
        })),
      },
      plugins: [labels(data)],
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, indexAxis: data.across ? "y" : "x",
        scales: data.across ? { x: count, y: names } : { x: names, y: count },
        plugins: { legend: { align: "start", onClick: null, labels: { color: token("ink"), boxWidth: 16 } }, tooltip: { enabled: true } },
      },
    };
  };

  const draw = () => {
    if (typeof Chart === "undefined") return;
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 13;
    while (drawn.length) drawn.pop().destroy();
    for (const canvas of document.querySelectorAll("canvas[data-chart]")) {
      const data = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
      const box = canvas.parentElement, bars = data.labels.length * (data.stacked ? 1 : data.series.length);
      box.hidden = false;
      box.style.height = (data.across ? Math.max(120, bars * 32 + 72) : 280) + "px";
      drawn.push(new Chart(canvas, settings(data, box.clientWidth < NARROW)));
    }
  };
  draw();

  // Names fold on a narrow screen only: drawn again when a turned phone becomes one, or ceases to be.
  for (const box of document.querySelectorAll(".chart")) {
    let narrow = null;
    new ResizeObserver(([seen]) => {
      const before = narrow;
      narrow = seen.contentRect.width < NARROW;
      if (before !== null && before !== narrow) draw();
    }).observe(box);
  }

  // Colours are the page's own: drawn again when the theme changes, in the light ones for paper.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new MutationObserver(draw).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  let theme = null;
  addEventListener("beforeprint", () => {
    theme = root.dataset.theme ?? "";
    root.dataset.theme = "light";
    draw();
  });
  addEventListener("afterprint", () => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  });

  for (const button of document.querySelectorAll(".wall [data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  const minutes = Number(document.body.dataset.reloadMinutes);
  if (minutes) setInterval(() => { if (navigator.onLine) location.reload(); }, minutes * 60000);
})();
