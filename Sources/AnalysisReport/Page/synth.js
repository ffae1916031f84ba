// A small synthesizer for playback: struck strings for pitches, noise for drums.

/** A note may begin this many seconds before the beat that it belongs to. */
const early = 0.03;

const synth = {
  context: null,
  master: null,
  wave: null,
  noise: null,
  isPlaying: false,
  /** A time of the piece, and the corresponding time of the audio clock: of what sounds, and of what is scheduled next. */
  anchor: { piece: 0, clock: 0 },
  ahead: { piece: 0, clock: 0 },
  /** The time of the audio clock at which `ahead` replaces `anchor`: the end of a loop. */
  turn: -Infinity,
  /** The playback speed, without change of pitch. */
  speed: 1,
  next: 0,
  nextClick: 0,
  timer: 0,
  voices: new Set(),

  /** Plays from a time of the piece, with an optional count-in. */
  start(time, countIn = false) {
    this.prepare();
    this.context.resume();
    this.turn = -Infinity;
    this.goOn(time, this.context.currentTime + 0.06, countIn);
    this.isPlaying = true;
    clearInterval(this.timer);
    this.timer = setInterval(() => this.schedule(), 60);
    this.schedule();
  },

  /** Schedules from a time of the piece, which sounds at a time of the audio clock or after a count-in. */
  goOn(time, clock, countIn) {
    const clicks = countIn ? countInClicks(time) : { count: 0, seconds: 0 };
    for (let i = 0; i < clicks.count; i++) this.click(clock + (i * clicks.seconds) / this.speed, i === 0);
    this.ahead = { piece: time, clock: clock + (clicks.count * clicks.seconds) / this.speed };
    this.next = upperBound(onsets, time - early);
    this.nextClick = upperBound(beats, time - 1e-3);
  },

  /** Repeats the loop without a gap, or at once if its end has passed. */
  goRound({ start, end }) {
    const clock = this.clockAt(end);
    if (clock < this.context.currentTime - 0.1) {
      this.stop();
      this.start(start, practice.countIn);
      return;
    }
    this.anchor = this.ahead;
    this.turn = clock;
    this.goOn(start, clock, practice.countIn);
  },

  stop() {
    clearInterval(this.timer);
    this.isPlaying = false;
    for (const voice of this.voices) this.release(voice);
    this.voices.clear();
  },

  /** Restarts if the loop changes after its repetition has been scheduled. */
  reschedule() {
    if (!this.isPlaying || this.context.currentTime >= this.turn) return;
    const { time } = this;
    this.stop();
    this.start(time);
  },

  /** Fades a voice out. */
  release({ gain, source }) {
    gain.gain.cancelScheduledValues(0);
    gain.gain.setTargetAtTime(0, this.context.currentTime, 0.02);
    source.stop(this.context.currentTime + 0.15);
  },

  /** Ends sounding notes that are muted. */
  releaseMuted() {
    for (const voice of this.voices) if (voice.note !== undefined && isMuted(voice.note)) this.release(voice);
  },

  /** The current time of the piece; during a count-in, that of its start. */
  get time() {
    const now = this.context.currentTime;
    const { piece, clock } = now < this.turn ? this.anchor : this.ahead;
    return piece + Math.max(0, now - clock) * this.speed;
  },

  /** The time of the audio clock for a time of the piece that is scheduled next. */
  clockAt(time) { return this.ahead.clock + (time - this.ahead.piece) / this.speed; },

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
    const horizon = this.ahead.piece + (this.context.currentTime + 0.35 - this.ahead.clock) * this.speed;
    const end = practice.loop ? practice.selection.end : Infinity;
    while (this.next < noteCount && onsets[this.next] < Math.min(horizon, end - early)) this.strike(this.next++);
    while (this.nextClick < beats.length && beats[this.nextClick] < Math.min(horizon, end - 1e-3)) {
      const beat = beats[this.nextClick++];
      if (practice.metronome) this.click(this.clockAt(beat), isDownbeat(beat));
    }
    if (horizon >= end && this.context.currentTime >= this.turn) this.goRound(practice.selection);
  },

  strike(i) {
    if (this.voices.size > 96 || isMuted(i)) return;
    const at = Math.max(this.context.currentTime, this.clockAt(onsets[i]));
    const loudness = 0.16 * (velocities[i] / 127) ** 1.6;
    const gain = this.context.createGain();
    const source = pitched(i) ? this.string(i, gain, at, loudness) : this.drum(i, gain, at, loudness);
    this.add(source, gain, i);
  },

  add(source, gain, note = undefined) {
    gain.connect(this.master);
    const voice = { gain, source, note };
    this.voices.add(voice);
    source.onended = () => { this.voices.delete(voice); gain.disconnect(); };
  },

  /** A click of the metronome, higher on downbeats. */
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
    const last = practice.loop && onsets[i] < practice.selection.end ? practice.selection.end : Infinity;
    const end = Math.max(at + 0.07, this.clockAt(Math.min(last, pedaled(ends[i]))));
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

/** The end of the sound of a key released at a time, prolonged by the pedal. */
function pedaled(end) {
  const next = upperBound(pedalTimes, end);
  const isDown = next > 0 && data.pedal[2 * next - 1] === 1;
  return isDown ? Math.min(pedalTimes[next] ?? end + 4, end + 12) : end;
}
