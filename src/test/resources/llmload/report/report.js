// Draws the charts of the page anew with uPlot: zoom, values under the pointer, lines to hide. What it draws is in the
// page's attributes; without it the static pictures stay.
(function () {
  "use strict";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const dashes = { b: [6, 3], c: [2, 2], d: [8, 3, 2, 3], e: [10, 4], f: [1, 3] };
  const mostShown = 6;
  const groups = [];

  const numbers = (text) => (text ? text.split(",").map((t) => (t === "" ? null : Number(t))) : []);

  function colour(name) {
    const key = name === "area" ? "a" : name === "failed" ? "bad" : name;
    return getComputedStyle(document.documentElement).getPropertyValue("--" + key).trim();
  }

  /** Four significant digits, thousands apart. */
  function figure(value) {
    if (value == null) {
      return "-";
    }
    const digits = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
    return digits.toLocaleString("en-US", { maximumSignificantDigits: 15 });
  }

  function percent(nines) {
    const value = 100 * (1 - Math.pow(10, -nines));
    return value.toFixed(nines <= 1 ? 1 : Math.min(6, Math.ceil(nines) + 1)).replace(/\.0+$|(\.\d*?)0+$/, "$1");
  }

  const kinds = {
    time: {
      name: "time",
      label: "time since the first request",
      value: figure,
      gaps: false,
      axis: {},
    },
    nines: {
      name: "percentile",
      unit: "%",
      label: "percentile (% of samples at or below)",
      value: percent,
      gaps: true,
      axis: {
        splits: (plot, at, min, max) =>
          // The first lie close together where the axis is long.
          [0, Math.log10(2), 1, 2, 3, 4, 5, 6].filter((nines) => nines >= min && nines <= max && (nines >= 1 || max < 2.5 || (nines > 0 && max < 4))),
        values: (plot, splits) => splits.map(percent),
      },
    },
  };

  /** A point between two gaps has no line: it is drawn by itself. */
  function lonely(plot, index, show) {
    if (show) {
      return null;
    }
    const values = plot.data[index];
    const found = [];
    values.forEach((value, i) => {
      if (value != null && values[i - 1] == null && values[i + 1] == null) {
        found.push(i);
      }
    });
    return found;
  }

  function failures(group) {
    return (plot) => {
      const context = plot.ctx;
      const base = plot.bbox.top + plot.bbox.height;
      const size = 4 * devicePixelRatio;
      context.save();
      context.fillStyle = colour("bad");
      group.failed.forEach((at) => {
        const x = plot.valToPos(at, "x", true);
        if (x >= plot.bbox.left && x <= plot.bbox.left + plot.bbox.width) {
          context.beginPath();
          context.moveTo(x, base);
          context.lineTo(x - size, base + 2 * size);
          context.lineTo(x + size, base + 2 * size);
          context.fill();
        }
      });
      context.restore();
    };
  }

  function series(line, kind) {
    const stroke = colour(line.style);
    return {
      label: line.label,
      stroke: stroke,
      width: 1.8,
      dash: dashes[line.style],
      fill: line.style === "area" ? stroke + "29" : undefined,
      spanGaps: kind.gaps,
      value: (plot, value) => figure(value),
      points: kind.gaps ? { show: false } : { size: 4, filter: lonely },
    };
  }

  function draw(group, chart) {
    if (chart.plot) {
      chart.plot.destroy();
    }
    const kind = group.kind;
    const lines = chart.lines.filter((line) => group.shown.has(line.label));
    // What no shown line reaches takes no room.
    let end = group.x.length;
    while (end > 2 && lines.every((line) => line.y[end - 1] == null)) {
      end--;
    }
    const axis = { stroke: colour("quiet"), grid: { stroke: colour("grid"), width: 1 }, ticks: { show: false } };
    chart.plot = new uPlot(
      {
        width: Math.max(260, chart.place.clientWidth),
        height: 240,
        scales: { x: { time: false }, y: { range: (plot, min, max) => [0, max > 0 ? max * 1.05 : 1] } },
        axes: [
          Object.assign({ label: kind.unit ? kind.label : kind.label + " (" + group.unit + ")", labelSize: 18, labelFont: "12px system-ui, sans-serif", size: 30 }, axis, kind.axis),
          Object.assign({ label: chart.unit, labelSize: 18, labelFont: "12px system-ui, sans-serif", size: 56, values: (plot, splits) => splits.map((value) => (value < 1e6 ? figure(value) : figure(value / 1e6) + " M")) }, axis),
        ],
        series: [{ label: kind.name, value: (plot, value) => (value == null ? "-" : kind.value(value) + " " + (kind.unit || group.unit)) }].concat(
          lines.map((line) => series(line, kind))
        ),
        cursor: { y: false, sync: { key: group.key }, drag: { x: true, y: false } },
        hooks: group.failed.length ? { draw: [failures(group)] } : {},
      },
      [group.x.slice(0, end)].concat(lines.map((line) => line.y.slice(0, end))),
      chart.place
    );
  }

  function drawAll() {
    groups.forEach((group) => group.charts.forEach((chart) => draw(group, chart)));
  }

  /** Buttons that choose which scopes all charts of a group show. */
  function choices(group, before) {
    const labels = new Set(group.charts.flatMap((chart) => chart.lines.map((line) => line.label)));
    group.shown = new Set([...labels].slice(0, group.choose ? mostShown : labels.size));
    if (!group.choose || labels.size < 2) {
      return;
    }
    const row = document.createElement("p");
    row.className = "choices";
    row.append("Scopes: ");
    labels.forEach((label) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.setAttribute("aria-pressed", String(group.shown.has(label)));
      button.addEventListener("click", () => {
        const on = !group.shown.delete(label);
        if (on) {
          group.shown.add(label);
        }
        button.setAttribute("aria-pressed", String(on));
        group.charts.forEach((chart) => draw(group, chart));
      });
      row.append(button, " ");
    });
    before.parentNode.insertBefore(row, before);
  }

  document.querySelectorAll(".charts[data-kind]").forEach((element, index) => {
    const group = {
      kind: kinds[element.dataset.kind],
      unit: element.dataset.unit,
      choose: element.dataset.kind === "nines",
      key: "group" + index,
      x: numbers(element.dataset.x),
      failed: numbers(element.dataset.failed),
      charts: [],
    };
    element.querySelectorAll(".plot").forEach((place) => {
      const lines = [...place.children].map((line) => ({
        label: line.dataset.label,
        style: line.dataset.line,
        y: numbers(line.dataset.y),
      }));
      group.charts.push({ place: place, unit: place.dataset.unit, lines: lines });
    });
    choices(group, element);
    groups.push(group);
  });
  document.documentElement.classList.add("scripted");
  drawAll();
  dark.addEventListener("change", drawAll);

  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) {
      width = innerWidth;
      groups.forEach((group) =>
        group.charts.forEach((chart) => chart.plot.setSize({ width: Math.max(260, chart.place.clientWidth), height: 240 }))
      );
    }
  });

  // Paper has nothing to click: all that is folded opens.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach((part) => (part.open = true));
  });
  addEventListener("afterprint", () => folded.forEach((part) => (part.open = false)));
})();
