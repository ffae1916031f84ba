// The piano rolls, and what they are once that is asked.

const pitches = data.rolls.flatMap((roll) => roll.notes.filter((_, i) => i % 4 === 2));
const [lowest, highest] = pitches.length ? [Math.min(...pitches) - 1, Math.max(...pitches) + 1] : [48, 72];
const isBlack = (pitch) => [1, 3, 6, 8, 10].includes(pitch % 12);
const cards = [];

/** Draws a roll in the colors of the page, as sharp as the screen is. */
function drawRoll({ roll, canvas, button }) {
  const scale = devicePixelRatio || 1;
  const { width, height } = canvas.getBoundingClientRect();
  if (!width) return;
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  const style = getComputedStyle(button);
  const row = height / (highest - lowest + 1);
  context.fillStyle = style.getPropertyValue("--paper");
  context.fillRect(0, 0, width, height);
  context.fillStyle = style.getPropertyValue("--line");
  context.globalAlpha = 0.5;
  for (let pitch = lowest; pitch <= highest; pitch++) {
    if (isBlack(pitch)) context.fillRect(0, (highest - pitch) * row, width, row);
  }
  context.globalAlpha = 1;
  for (let second = 5; second < data.seconds; second += 5) context.fillRect((second / data.seconds) * width, 0, 1, height);
  const isShown = button.getAttribute("aria-pressed") === "true";
  context.fillStyle = style.getPropertyValue(isShown ? "--c" : "--accent");
  const x = (milliseconds) => (milliseconds / 1000 / data.seconds) * width;
  for (let i = 0; i < roll.notes.length; i += 4) {
    const [onset, length, pitch, velocity] = roll.notes.slice(i, i + 4);
    context.globalAlpha = 0.45 + 0.55 * Math.min(1, velocity / 100);
    context.fillRect(x(onset), (highest - pitch) * row, Math.max(1.5, x(length) - 0.5), Math.max(1.5, row - 0.3));
  }
  context.globalAlpha = 1;
}

function show(card, isShown) {
  card.button.setAttribute("aria-pressed", isShown);
  card.label.textContent = isShown ? card.roll.name : `Excerpt ${card.number}`;
  card.button.classList.toggle("takes", isShown && card.roll.isTake);
  card.button.classList.toggle("real", isShown && !card.roll.isTake);
  drawRoll(card);
  const shown = cards.filter(({ button }) => button.getAttribute("aria-pressed") === "true").length;
  byId("count").textContent = shown ? `${shown} of ${cards.length} shown` : "";
  byId("reveal").setAttribute("aria-pressed", shown === cards.length);
  byId("reveal").textContent = shown === cards.length ? "Hide all" : "Show all";
}

function showRolls() {
  data.rolls.forEach((roll, i) => {
    const canvas = element("canvas", { role: "img", "aria-label": `Piano roll of ${roll.notes.length / 4} notes` });
    const label = element("span");
    const button = element("button", { type: "button", "aria-pressed": "false" }, canvas, label);
    const card = { roll, canvas, label, button, number: i + 1 };
    cards.push(card);
    byId("rolls").append(button);
    button.addEventListener("click", () => show(card, button.getAttribute("aria-pressed") !== "true"));
  });
  for (const card of cards) show(card, false);
  byId("reveal").addEventListener("click", () => {
    const isShown = byId("reveal").getAttribute("aria-pressed") !== "true";
    for (const card of cards) show(card, isShown);
  });
  const drawAll = () => cards.forEach(drawRoll);
  addEventListener("resize", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
}
