// A plot of some curves over the run, as SVG whose colors follow the page.

/** A number as people read it: three digits or so. */
function figure(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e9) return `${Number((value / 1e9).toPrecision(3))} G`;
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))} k`;
  if (size >= 1) return String(Number(value.toPrecision(4)));
  if (size >= 1e-3) return String(Number(value.toPrecision(3)));
  return String(Number(value.toPrecision(2)).toExponential()).replace("e-", "·10⁻").replace(/⁻(\d+)$/, (_, digits) => `⁻${[...digits].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]).join("")}`);
}

/** Numbers of an axis, all in the unit of the largest. */
function axisFigures(values) {
  const most = Math.max(...values.map(Math.abs));
  const unit = [[1e9, " G"], [1e6, " M"], [1e3, " k"]].find(([size]) => most >= 2 * size);
  return unit ? values.map((value) => (value === 0 ? "0" : figure(value / unit[0]) + unit[1])) : values.map(figure);
}

/** Round values between two bounds, about as many as asked for. */
function ticks(low, high, count) {
  const rough = (high - low) / count;
  if (!(rough > 0)) return [low];
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((s) => s * unit >= rough * 0.999) * unit;
  const values = [];
  for (let value = Math.ceil(low / step - 1e-9) * step; value <= high + step * 1e-9; value += step) values.push(Number(value.toPrecision(12)));
  return values;
}

/** Round values for a logarithmic axis: powers of ten with 2 and 5 where there is room; linear ones where it is short. */
function logTicks(low, high) {
  if (high / low < 8) return ticks(low, high, 4).filter((value) => value > 0);
  const decades = Math.log10(high / low);
  const factors = decades < 2 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / 5));
  const values = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += every) {
    for (const factor of factors) values.push(factor * 10 ** power);
  }
  return values.filter((value) => value >= low * 0.999 && value <= high * 1.001);
}

/** The points of a series in the part of the run that is shown: [x, value, index]. */
function pointsOf(series, view) {
  const columns = data[series.of];
  const values = columns.values[series.name] || [];
  const points = [];
  values.forEach((value, i) => {
    const x = columns[view.axis][i] / view.unit;
    if (value !== null && x >= view.from && (!view.isLog || value > 0)) points.push([x, value, i]);
  });
  return points;
}

/** The bounds of an axis: the extremes, without the few wildest points at each end where there are many. */
function bounds(curves, isLog, floor) {
  let [low, high] = [Infinity, -Infinity];
  for (const points of curves) {
    const sorted = points.map((p) => p[1]).sort((a, b) => a - b);
    if (!sorted.length) continue;
    const spared = sorted.length > 200 ? Math.floor(sorted.length / 400) : 0;
    low = Math.min(low, sorted[spared]);
    high = Math.max(high, sorted[sorted.length - 1 - spared]);
  }
  if (low > high) return undefined;
  if (floor !== undefined && !isLog) low = Math.min(low, floor);
  if (low === high) [low, high] = low === 0 ? [0, 1] : isLog ? [low / 1.5, high * 1.5] : [low - Math.abs(low) / 4, high + Math.abs(low) / 4];
  const margin = isLog ? (high / low) ** 0.04 : (high - low) * 0.05;
  return isLog ? [low / margin, high * margin] : [low === floor ? low : low - margin, high + margin];
}

/** Draws a chart anew; returns what the cursor needs to find values. */
function drawPlot(chart, view) {
  const svg = chart.svg;
  const width = Math.max(160, svg.clientWidth);
  const height = chart.height;
  const [left, right, top, bottom] = [52, 12, 8, 24];
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("height", height);
  svg.replaceChildren();
  const isLog = view.isLog || chart.isAlwaysLog;
  const curves = chart.series.map((series) => pointsOf(series, { ...view, isLog }));
  const range = bounds(curves, isLog, chart.floor);
  if (!range) return undefined;
  const [low, high] = range;
  const xs = curves.flat().map((p) => p[0]);
  const from = view.from > 0 ? view.from : 0;
  const to = Math.max(view.to, xs.reduce((a, b) => Math.max(a, b), 0), from + 1e-9);
  const scale = isLog ? Math.log : (value) => value;
  const x = (value) => left + ((value - from) / (to - from)) * (width - left - right);
  const y = (value) => height - bottom - ((scale(value) - scale(low)) / (scale(high) - scale(low))) * (height - top - bottom);
  const rows = isLog ? logTicks(low, high) : ticks(low, high, Math.max(2, Math.round(height / 55)));
  const rowFigures = axisFigures(rows);
  rows.forEach((value, i) => {
    svg.append(
      element("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
      element("text", { x: left - 7, y: y(value) + 4, "text-anchor": "end" }, rowFigures[i]));
  });
  const columns = ticks(from, to, Math.max(2, Math.round(width / 110)));
  const columnFigures = axisFigures(columns);
  if (view.unitName) columnFigures[columnFigures.length - 1] += ` ${view.unitName}`;
  columns.forEach((value, i) => {
    const anchor = x(value) > width - 30 ? "end" : "middle";
    svg.append(element("text", { x: anchor === "end" ? width - right : x(value), y: height - 6, "text-anchor": anchor }, columnFigures[i]));
  });
  const clip = `clip-${chart.id}`;
  svg.append(element("clipPath", { id: clip }, element("rect", { x: left, y: top, width: width - left - right, height: height - top - bottom })));
  const group = element("g", { "clip-path": `url(#${clip})` });
  curves.forEach((points, i) => {
    if (!points.length) return;
    const path = points.map((p, n) => `${n ? "L" : "M"}${x(p[0]).toFixed(1)} ${y(p[1]).toFixed(1)}`).join("");
    const single = points.length === 1 ? "h.01" : "";
    group.append(element("path", { class: `series ${chart.series[i].style}`, d: path + single }));
  });
  svg.append(group);
  return { x, y, curves, left, right: width - right, top, bottom: height - bottom, from, to };
}
