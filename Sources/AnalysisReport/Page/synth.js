// A small synthesizer for playback: struck strings for pitches, noise for drums.

const synth = {
  context: null,
  master: null,
  wave: null,
  noise: null,
  isPlaying: false,
  /** A moment of the piece, and when the context's clock gets there. */
  anchor: { piece: 0, clock: 0 },
  /** Seconds of the piece in a second; pitches stay. */
  speed: 1,
  next: 0,
  nextClick: 0,
  timer: 0,
  voices: new Set(),

  /** Plays from a moment of the piece on, after a bar of clicks where that is wanted. */
  start(time, countIn = false) {
    this.prepare();
    this.context.resume();
    const clicks = countIn ? countInClicks(time) : { count: 0, seconds: 0 };
    const now = this.context.currentTime + 0.06;
    for (let i = 0; i < clicks.count; i++) this.click(now + (i * clicks.seconds) / this.speed, i === 0);
    this.anchor = { piece: time, clock: now + (clicks.count * clicks.seconds) / this.speed };
    this.next = upperBound(onsets, time - 1e-6);
    this.nextClick = upperBound(beats, time - 1e-3);
    this.isPlaying = true;
    clearInterval(this.timer);
    this.timer = setInterval(() => this.schedule(), 60);
    this.schedule();
  },

  stop() {
    clearInterval(this.timer);
    this.isPlaying = false;
    for (const voice of this.voices) {
      voice.gain.gain.cancelScheduledValues(0);
      voice.gain.gain.setTargetAtTime(0, this.context.currentTime, 0.02);
      voice.source.stop(this.context.currentTime + 0.15);
    }
    this.voices.clear();
  },

  /** Where the piece is; during a count-in where it will begin. */
  get time() { return this.anchor.piece + Math.max(0, this.context.currentTime - this.anchor.clock) * this.speed; },

  /** When the context's clock is at a moment of the piece. */
  clockAt(time) { return this.anchor.clock + (time - this.anchor.piece) / this.speed; },

  setSpeed(speed) {
    const { time, isPlaying } = this.context ? this : { time: 0, isPlaying: false };
    this.speed = speed;
    if (!isPlaying) return;
    this.stop();
    this.start(time);
  },

  setVolume(share) { if (this.master) this.master.gain.value = share * share; },

  prepare() {
    if (this.context) return;
    this.context = new AudioContext();
    const compressor = this.context.createDynamicsCompressor();
    this.master = this.context.createGain();
    this.master.connect(compressor).connect(this.context.destination);
    this.setVolume(byId("volume").value / 100);
    // Partials decrease as on a struck string; the seventh is weak because the hammer strikes near its node.
    const partials = [0, 1, 0.52, 0.3, 0.2, 0.11, 0.07, 0.012, 0.03, 0.018, 0.01];
    this.wave = this.context.createPeriodicWave(new Float32Array(partials.length), new Float32Array(partials));
    this.noise = this.context.createBuffer(1, this.context.sampleRate / 2, this.context.sampleRate);
    const samples = this.noise.getChannelData(0);
    for (let i = 0, seed = 1; i < samples.length; i++) {
      seed = (seed * 48271) % 2147483647;
      samples[i] = seed / 1073741823.5 - 1;
    }
  },

  schedule() {
    const horizon = Math.min(this.time + 0.35 * this.speed, practice.loop ? practice.selection.end : Infinity);
    while (this.next < noteCount && onsets[this.next] < horizon) this.strike(this.next++);
    while (this.nextClick < beats.length && beats[this.nextClick] < horizon) {
      const beat = beats[this.nextClick++];
      if (practice.metronome) this.click(this.clockAt(beat), isDownbeat(beat));
    }
  },

  strike(i) {
    if (this.voices.size > 96 || isMuted(i)) return;
    const at = Math.max(this.context.currentTime, this.clockAt(onsets[i]));
    const loudness = 0.16 * (velocities[i] / 127) ** 1.6;
    const gain = this.context.createGain();
    const source = pitched(i) ? this.string(i, gain, at, loudness) : this.drum(i, gain, at, loudness);
    this.add(source, gain);
  },

  add(source, gain) {
    gain.connect(this.master);
    const voice = { gain, source };
    this.voices.add(voice);
    source.onended = () => { this.voices.delete(voice); gain.disconnect(); };
  },

  /** A tick of the metronome, higher on downbeats. */
  click(at, isAccented) {
    const gain = this.context.createGain();
    const source = this.context.createOscillator();
    source.frequency.value = isAccented ? 1760 : 1175;
    gain.gain.setValueAtTime(isAccented ? 0.16 : 0.1, at);
    gain.gain.setTargetAtTime(0, at + 0.01, 0.012);
    source.connect(gain);
    source.start(at);
    source.stop(at + 0.1);
    this.add(source, gain);
  },

  string(i, gain, at, loudness) {
    const source = this.context.createOscillator();
    source.setPeriodicWave(this.wave);
    source.frequency.value = 440 * 2 ** ((pitches[i] - 69) / 12);
    // High strings decay faster.
    const fade = 1.9 * 2 ** ((60 - pitches[i]) / 22);
    const end = Math.max(at + 0.07, this.clockAt(pedalled(ends[i])));
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loudness, at + 0.004);
    gain.gain.setTargetAtTime(0, at + 0.004, fade);
    gain.gain.setTargetAtTime(0, end, 0.06);
    source.connect(gain);
    source.start(at);
    source.stop(end + 0.4);
    return source;
  },

  drum(i, gain, at, loudness) {
    const source = this.context.createBufferSource();
    source.buffer = this.noise;
    const filter = this.context.createBiquadFilter();
    const isBass = pitches[i] < 37;
    filter.type = isBass ? "lowpass" : pitches[i] < 42 ? "bandpass" : "highpass";
    filter.frequency.value = isBass ? 130 : pitches[i] < 42 ? 1500 : 6500;
    gain.gain.setValueAtTime(loudness * (isBass ? 6 : 1.6), at);
    gain.gain.setTargetAtTime(0, at, isBass ? 0.07 : 0.045);
    source.connect(filter).connect(gain);
    source.start(at);
    source.stop(at + 0.4);
    return source;
  },
};

const pedalTimes = data.pedal.filter((_, i) => i % 2 === 0).map((milliseconds) => milliseconds / 1000);

/** When a key that is let go at a time falls silent: later where the pedal is down. */
function pedalled(end) {
  const next = upperBound(pedalTimes, end);
  const isDown = next > 0 && data.pedal[2 * next - 1] === 1;
  return isDown ? Math.min(pedalTimes[next] ?? end + 4, end + 12) : end;
}
