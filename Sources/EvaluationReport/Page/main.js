byId("subtitle").textContent = `${data.title} · ${data.counts[0]} takes, ${data.counts[1]} excerpts of real music`;
showRolls();
data.measures.forEach(measureChart);
showJudge();
showDiversity();
