// The insights' plots: values from the server, colours from the page's variables, drawn by the Plotly that is served here.
// The plots are pictures; their tables hold the same numbers and links.

const QUIET = { displayModeBar: false, displaylogo: false, responsive: true, showTips: false, scrollZoom: false, doubleClick: false };
const ROW = 46;
let loading = null;

export function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = "/page/plotly.min.js";
    tag.onload = () => resolve(window.Plotly);
    tag.onerror = () => { loading = null; reject(new Error("The plots could not be loaded; the tables hold the same numbers.")); };
    document.head.append(tag);
  });
  return loading;
}

// Draws a plot; `lead` is told what a click on a mark means, an entry of `customdata`.
export async function draw(element, figure, lead) {
  const Plotly = await plotly();
  await Plotly.react(element, figure.data, figure.layout, QUIET);
  if (element.dataset.heard) return;
  element.dataset.heard = "true";
  element.on("plotly_click", (event) => { const to = event.points[0]?.customdata; if (to) lead(to); });
  element.on("plotly_hover", (event) => element.classList.toggle("leads", Boolean(event.points[0]?.customdata)));
  element.on("plotly_unhover", () => element.classList.remove("leads"));
}

// Calls `redraw` when the page turns light or dark, by the system's wish or by an attribute of the root.
export function onTheme(redraw) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  new MutationObserver(redraw).observe(document.documentElement, { attributes: true, attributeFilter: ["class", "data-theme"] });
}

function palette() {
  const style = getComputedStyle(document.documentElement);
  const names = { ink: "--ink", soft: "--ink-2", faint: "--ink-3", line: "--line", paper: "--paper", surface: "--surface", over: "--ok", up: "--no", accent: "--accent" };
  return Object.fromEntries(Object.entries(names).map(([key, name]) => [key, style.getPropertyValue(name).trim()]));
}

// Names come from letters: Plotly takes some tags in a text, so none is let through.
const plain = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const percent = (share) => `${Math.round(100 * share)}%`;
const points = (share) => `${share > 0 ? "+" : share < 0 ? "−" : ""}${Math.abs(Math.round(100 * share))}`;

function cut(text, width) {
  const room = Math.max(18, Math.floor(width / 6.6));
  return text.length > room ? `${text.slice(0, room - 1).trimEnd()}…` : text;
}

function base(colours, height) {
  return {
    height,
    margin: { l: 4, r: 20, t: 6, b: 26, pad: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: 'Inter, system-ui, "Segoe UI", "Liberation Sans", sans-serif', size: 12.5, color: colours.soft },
    showlegend: false,
    dragmode: false,
    hovermode: "closest",
    hoverlabel: { bgcolor: colours.surface, bordercolor: colours.line, font: { color: colours.ink, size: 12.5 }, align: "left" },
    barmode: "stack",
    annotations: [],
    shapes: [],
  };
}

function shareAxis(colours, domain) {
  return { domain, range: [-0.03, 1.03], tickvals: [0, 0.5, 1], ticktext: ["0", "50%", "100%"], fixedrange: true, zeroline: false, gridcolor: colours.line, tickfont: { size: 11.5, color: colours.faint } };
}

function rowsAxis(count) {
  return { range: [count - 0.42, -0.62], visible: false, fixedrange: true };
}

function label(text, row, colours) {
  return { xref: "paper", x: 0, xanchor: "left", yref: "y", y: row - 0.34, yanchor: "middle", text: plain(text), showarrow: false, bgcolor: colours.paper, borderpad: 0, font: { color: colours.ink, size: 12.5 } };
}

// Dots with the line of their interval; a hollow dot rests on few cases.
function dots(rows, colour, colours, more) {
  return {
    type: "scatter",
    mode: "markers",
    x: rows.map((row) => row.share),
    error_x: { type: "data", symmetric: false, array: rows.map((row) => row.high - row.share), arrayminus: rows.map((row) => row.share - row.low), color: colour, thickness: 1.6, width: 0 },
    marker: { size: 8, color: rows.map((row) => (row.small ? colours.paper : colour)), line: { color: colour, width: 1.6 } },
    hovertemplate: "%{text}<extra></extra>",
    ...more,
  };
}

const told = (row) => `${plain(row.label)}<br>${row.overturned} of ${row.n} overturned: ${percent(row.share)}<br>95% interval ${percent(row.low)} to ${percent(row.high)}${row.small ? "<br>fewer than 20 decisions" : ""}`;

// Counts of both outcomes as bars on the left, the share overturned with its interval on the right.
export function outcomes(plot, width) {
  return plot.by === "time" ? overTime(plot, width) : byGroup(plot, width);
}

function bars(groups, side, colour, more) {
  return {
    type: "bar",
    marker: { color: colour },
    customdata: groups.map((group) => group[`${side}_href`]),
    text: groups.map((group) => `${plain(group.label)}<br>${group[side]} ${side}`),
    textposition: "none",
    hovertemplate: "%{text}<extra></extra>",
    ...more,
  };
}

function byGroup({ groups, whole }, width) {
  const colours = palette();
  const layout = base(colours, groups.length * ROW + 34);
  const most = Math.max(...groups.map((group) => group.n));
  const at = groups.map((_, row) => row);
  layout.yaxis = rowsAxis(groups.length);
  layout.xaxis = { domain: [0, 0.56], range: [0, most * 1.42], visible: false, fixedrange: true };
  layout.xaxis2 = shareAxis(colours, [0.62, 1]);
  layout.shapes.push({ type: "line", xref: "x2", x0: whole, x1: whole, yref: "paper", y0: 0, y1: 1, layer: "below", line: { color: colours.faint, width: 1, dash: "dot" } });
  for (const [row, group] of groups.entries()) {
    layout.annotations.push(label(cut(group.label, width * 0.57), row, colours));
    layout.annotations.push({ x: group.n, xref: "x", xanchor: "left", xshift: 5, y: row + 0.1, yref: "y", yanchor: "middle", text: `${group.overturned} of ${group.n}`, showarrow: false, bgcolor: colours.paper, borderpad: 0, font: { size: 12, color: colours.soft } });
  }
  const lying = { orientation: "h", y: at.map((row) => row + 0.1), width: 0.26 };
  return {
    layout,
    data: [
      bars(groups, "upheld", colours.up, { ...lying, x: groups.map((group) => group.upheld) }),
      bars(groups, "overturned", colours.over, { ...lying, x: groups.map((group) => group.overturned) }),
      dots(groups, colours.over, colours, { xaxis: "x2", y: at.map((row) => row + 0.1), customdata: groups.map((group) => group.href), text: groups.map(told) }),
    ],
  };
}

function overTime({ groups, whole }, width) {
  const colours = palette();
  const layout = base(colours, 300);
  const with_ = groups.filter((group) => group.n);
  const thin = Math.ceil(groups.length / Math.max(3, Math.floor(width / 64)));
  layout.margin.l = 44;
  layout.xaxis = { type: "category", categoryarray: groups.map((group) => group.label), range: [-0.6, groups.length - 0.4], fixedrange: true, anchor: "y", tickvals: groups.map((group) => group.label).filter((_, n) => n % thin === 0), tickfont: { size: 11.5, color: colours.soft }, showgrid: false, zeroline: false };
  layout.yaxis = { domain: [0, 0.46], fixedrange: true, gridcolor: colours.line, zeroline: false, tickfont: { size: 11.5, color: colours.faint }, nticks: 4, rangemode: "tozero" };
  layout.yaxis2 = { ...shareAxis(colours, [0.56, 1]), anchor: "x" };
  layout.shapes.push({ type: "line", xref: "paper", x0: 0, x1: 1, yref: "y2", y0: whole, y1: whole, layer: "below", line: { color: colours.faint, width: 1, dash: "dot" } });
  layout.annotations.push({ xref: "paper", x: 0, xanchor: "left", yref: "paper", y: 0.5, yanchor: "middle", text: "decisions", showarrow: false, font: { size: 11.5, color: colours.faint } });
  const x = groups.map((group) => group.label);
  const thick = { width: Math.min(0.5, groups.length * 0.12) };
  const upright = dots(with_, colours.over, colours, { yaxis: "y2", x: with_.map((group) => group.label), y: with_.map((group) => group.share), customdata: with_.map((group) => group.href), text: with_.map(told) });
  upright.error_y = upright.error_x;
  delete upright.error_x;
  return {
    layout,
    data: [
      bars(groups, "upheld", colours.up, { ...thick, x, y: groups.map((group) => group.upheld) }),
      bars(groups, "overturned", colours.over, { ...thick, x, y: groups.map((group) => group.overturned) }),
      upright,
    ],
  };
}

// The shares of overturned and upheld decisions that state a fact, and their difference.
export function documented(rows, width) {
  const colours = palette();
  const layout = base(colours, rows.length * (ROW + 2) + 34);
  layout.yaxis = rowsAxis(rows.length);
  layout.xaxis = shareAxis(colours, [0, 0.54]);
  const reach = Math.max(...rows.flatMap((row) => [Math.abs(row.difference.low), Math.abs(row.difference.high)]));
  const step = reach > 0.5 ? 0.5 : 0.25;
  layout.xaxis2 = { domain: [0.6, 1], range: [-reach * 1.08, reach * 1.08], fixedrange: true, zeroline: true, zerolinecolor: colours.faint, zerolinewidth: 1, gridcolor: colours.line, tickvals: [-step, 0, step], ticktext: [`−${100 * step}`, "0", `+${100 * step}`], tickfont: { size: 11.5, color: colours.faint } };
  for (const [row, fact] of rows.entries()) {
    layout.annotations.push(label(cut(fact.label, width * 0.56), row, colours));
    layout.annotations.push({ xref: "paper", x: 1, xanchor: "right", yref: "y", y: row - 0.34, yanchor: "middle", text: `${points(fact.difference.value)} (${points(fact.difference.low)} to ${points(fact.difference.high)})`, showarrow: false, bgcolor: colours.paper, borderpad: 0, font: { size: 12, color: colours.soft } });
  }
  const side = (name, colour, shift) => dots(rows.map((row) => row[name]), colour, colours, {
    y: rows.map((_, row) => row + shift),
    customdata: rows.map((row) => row.concept),
    text: rows.map((row) => `${plain(row.label)}<br>${row[name].hits} of ${row[name].n} ${name}: ${percent(row[name].share)}<br>95% interval ${percent(row[name].low)} to ${percent(row[name].high)}`),
  });
  const differences = rows.map((row) => ({ share: row.difference.value, low: row.difference.low, high: row.difference.high, small: row.overturned.small || row.upheld.small }));
  return {
    layout,
    data: [
      side("overturned", colours.over, 0.06),
      side("upheld", colours.up, 0.28),
      dots(differences, colours.ink, colours, { xaxis: "x2", y: rows.map((_, row) => row + 0.17), customdata: rows.map((row) => row.concept), text: rows.map((row) => `${plain(row.label)}<br>${points(row.difference.value)} points, 95% interval ${points(row.difference.low)} to ${points(row.difference.high)}`) }),
    ],
  };
}

// The figures of an evaluation, one row each; the grey dot is the best of the simple ways.
export function evaluation({ rows }, width) {
  const colours = palette();
  const layout = base(colours, rows.length * ROW + 34);
  layout.yaxis = rowsAxis(rows.length);
  layout.xaxis = shareAxis(colours, [0, 1]);
  for (const [row, figure] of rows.entries()) {
    layout.annotations.push(label(cut(figure.label, width * 0.64), row, colours));
    layout.annotations.push({ xref: "paper", x: 1, xanchor: "right", yref: "y", y: row - 0.34, yanchor: "middle", text: `${percent(figure.share)} of ${figure.n}`, showarrow: false, bgcolor: colours.paper, borderpad: 0, font: { size: 12, color: colours.soft } });
  }
  const beside = rows.map((row, at) => [row, at]).filter(([row]) => row.beside !== null);
  return {
    layout,
    data: [
      { type: "scatter", mode: "markers", x: beside.map(([row]) => row.beside), y: beside.map(([, at]) => at + 0.1), marker: { size: 7, color: colours.faint }, hovertemplate: "the best simple way: %{x:.0%}<extra></extra>" },
      dots(rows, colours.accent, colours, { y: rows.map((_, at) => at + 0.1), text: rows.map((row) => `${plain(row.label)}<br>${percent(row.share)}, 95% interval ${percent(row.low)} to ${percent(row.high)}, n ${row.n}`) }),
    ],
  };
}
