// The judge and the tables beside it.

const words = (name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function table(head, rows) {
  const cell = (name, content) => {
    const [text, kind] = Array.isArray(content) ? content : [content, ""];
    return element(name, kind ? { class: kind } : {}, text);
  };
  return element("div", { class: "table" }, element("table", {},
    element("tr", {}, ...head.map((content) => cell("th", content))),
    ...rows.map((row) => element("tr", {}, ...row.map((content) => cell("td", content))))));
}

/** A bar from the middle to a share, since half is what says nothing. */
function meter(share, side, label) {
  const bar = element("i");
  bar.style.left = `${100 * Math.min(share, 0.5)}%`;
  bar.style.width = `${100 * Math.abs(share - 0.5)}%`;
  return element("span", { class: `meter ${side}`, role: "img", "aria-label": label, title: label }, bar, element("b"));
}

function showJudge() {
  const { takes, training, halves, features } = data.judge;
  const sides = [["takes", takes, "takes"], ["training music", training, "real"], ["halves of real music", halves, "real"]]
    .filter(([, area]) => area);
  if (sides.length === 0) {
    byId("areas").append("Too few pieces or takes to judge.");
    return;
  }
  byId("areas").append(table(["against held-out music", "", "area", "interval"], sides.map(([name, area, side]) => [
    name, [meter(area.value, side, `${name} ${number(area.value)}`), "side"], number(area.value, 3),
    `${number(area.low)} – ${number(area.high)}`,
  ])));
  byId("features").append(table(
    ["feature", "importance", "less | more in takes", ["takes", "optional"], ["real", "optional"]],
    features.slice(0, 14).map((feature) => [
      words(feature.name), `${(100 * feature.importance).toFixed(0)} %`,
      [meter(feature.area, "takes", `more in ${(100 * feature.area).toFixed(0)} % of pairs`), "side"],
      [number(feature.takes), "optional"], [number(feature.real), "optional"],
    ])));
}

function showDiversity() {
  const names = [["precision", "near real music"], ["recall", "of real music has one near"], ["density", ""], ["coverage", "of real music is covered"], ["distinct", "unlike the others"]];
  const sides = [["takes", data.diversity.takes], ["training", data.diversity.training], ["halves", data.diversity.halves]]
    .filter(([, figures]) => figures);
  if (sides.length === 0) {
    byId("diversity").append("Too few pieces or takes to compare.");
    return;
  }
  byId("diversity").append(table(["", ...sides.map(([name]) => name)], names.map(([name, hint]) => [
    element("span", hint ? { title: hint } : {}, name), ...sides.map(([, figures]) => number(figures[name])),
  ])));
}
