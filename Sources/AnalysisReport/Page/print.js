// Printing: the whole piece in systems one below the other, instead of the roll's view.

/** The duration of a system in seconds: about eight bars, or more if a piece would fill too many pages. */
function systemSeconds() {
  const bar = downbeats.length > 1 ? (downbeats[downbeats.length - 1] - downbeats[0]) / (downbeats.length - 1) : 2;
  return Math.max(8 * bar, 12, duration / 80);
}

/** The start times of the systems: on downbeats if there are any. */
function systemStarts() {
  const starts = [0];
  const length = systemSeconds();
  for (let at = length; at < duration - 0.5;) {
    const bar = downbeats[upperBound(downbeats, at + 0.01) - 1];
    const start = bar !== undefined && bar > starts[starts.length - 1] + length / 2 ? bar : at;
    starts.push(start);
    at = start + length;
  }
  return starts;
}

/** The view on the screen, restored after printing. */
let keptView;

/** The style rules for dark screens. They are removed for printing, since the browser disables them only after drawing canvases. */
const darkRules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
  .filter((rule) => rule.media?.mediaText.includes("dark")).map((rule) => ({ media: rule.media, text: rule.media.mediaText }));

function drawAll() {
  for (const draw of drawings) draw();
  drawPictures();
}

function drawSystems() {
  const starts = systemStarts();
  const box = element("div", { id: "systems", "aria-hidden": "true" });
  starts.forEach((start, i) => {
    const canvas = element("canvas");
    // All systems have the same time scale.
    const length = Math.max(systemSeconds(), (starts[i + 1] ?? 0) - start);
    [view.start, view.end] = [start, starts.length === 1 ? duration : start + length];
    drawRoll(canvas, { width: 940, height: lanes.height + 130 });
    canvas.style.height = "auto";
    box.append(canvas);
  });
  byId("roll").after(box);
}

addEventListener("beforeprint", () => {
  if (byId("systems")) return;
  keptView = { ...view };
  for (const { media } of darkRules) media.mediaText = "not all";
  readColors();
  drawSystems();
  // The curves show the whole piece.
  Object.assign(view, { start: 0, end: duration });
  drawAll();
});
addEventListener("afterprint", () => {
  byId("systems")?.remove();
  Object.assign(view, keptView);
  for (const { media, text } of darkRules) media.mediaText = text;
  readColors();
  drawAll();
});
