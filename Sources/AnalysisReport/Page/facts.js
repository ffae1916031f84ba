// The header and the cards with key figures.

function fact(title, value, ...details) {
  const card = element("div", { class: "fact" }, element("h2", {}, title), element("strong", {}, value));
  for (const detail of details) {
    if (detail) card.append(typeof detail === "string" ? element("small", {}, detail) : detail);
  }
  byId("facts").append(card);
}

function keyBars(key) {
  const rows = [key, ...key.alternatives.filter((other, i) => i < 1 || other.confidence >= 0.005)].slice(0, 4).flatMap(({ name, confidence }) => {
    const bar = element("b");
    bar.style.width = `${100 * confidence}%`;
    return [element("span", {}, signs(name)), element("i", { "aria-hidden": "true" }, bar),
      element("span", {}, likely(confidence))];
  });
  return element("div", { class: "bars" }, ...rows);
}

function showFacts() {
  const key = harmony.key;
  const written = harmony.keySignature;
  const conflict = written && written.isConflict
    && element("small", { class: "warning" }, `The file is written in ${signs(written.written)}.`);
  const usualMode = key && ["ionian", "aeolian"].includes(key.mode);
  if (key) fact("Key", signs(key.name) + doubt(key), keyBars(key), usualMode ? "" : `${key.mode} mode`, conflict);
  else fact("Key", "open", "Not enough music to tell.");

  if (rhythm.tempoBPM) {
    const variation = rhythm.tempoVariation || 0;
    fact("Tempo", `${beatNote} = ${Math.round(rhythm.tempoBPM)}`,
      `${Math.round(rhythm.tempoBPM)} BPM, ${variation < 0.005 ? "steady" : `varying by ${percent(variation)}`}`,
      rhythm.beatSource === "estimated" ? `estimated from the notes (${percent(beatConfidences.reduce((sum, one) => sum + one, 0) / beats.length)})`
        : "from the file’s tempo map");
  } else fact("Tempo", "open", "Not enough music to tell.");

  if (rhythm.meter) {
    const bars = fullBars;
    const changes = rhythm.meters.length - 1;
    const swing = rhythm.swingRatio > 1.2 ? `swing ${rhythm.swingRatio.toFixed(1)} : 1` : "";
    fact("Meter", rhythm.meter, `${bars} bar${bars === 1 ? "" : "s"}`,
      changes ? `${changes} change${changes === 1 ? "" : "s"}` : "", swing);
  } else fact("Meter", "open");

  fact("Duration", clockText(duration), `${noteCount.toLocaleString("en")} note${noteCount === 1 ? "" : "s"}`,
    rhythm.notesPerSecond ? `${rhythm.notesPerSecond.toFixed(1)} a second` : "");

  if (dynamics.level) {
    fact("Dynamics", dynamics.level, `mean velocity ${Math.round(dynamics.meanVelocity)}`,
      dynamics.melodyLead >= 1 ? `melody ${Math.round(dynamics.melodyLead)} louder than the rest` : "");
  } else fact("Dynamics", "open");

  const parts = data.parts.length;
  const subtitle = [data.description, noteCount ? `${parts} part${parts === 1 ? "" : "s"}` : "not enough music to analyze",
    hasPitches ? `${pitchName(lowestPitch)} to ${pitchName(highestPitch)}` : "", data.document.file];
  byId("subtitle").textContent = subtitle.filter(Boolean).join(" · ");
  byId("sources").textContent = rhythm.beatSourceReason
    ? `Beats: ${rhythm.beatSource}. ${rhythm.beatSourceReason[0].toUpperCase()}${rhythm.beatSourceReason.slice(1)}.` : "";
}
