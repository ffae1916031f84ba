// Minimal ALSA sequencer programs: what the MIDI ports of aurl are measured against, and what measures both.
//
//   thru                    sends on what arrives
//   schedule COUNT MS       schedules COUNT notes MS milliseconds apart, when it is connected
//   monitor ADDRESS         prints what arrives
//   load ADDRESS RATE S     sends RATE notes a second for S seconds
//   probe CLIENT COUNT      how long a note takes through a client's port 0 and back, in µs
//   arrivals CLIENT COUNT MS  how far notes that are due every MS milliseconds arrive from their time, in µs
#include <alsa/asoundlib.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

static snd_seq_t *seq;
static int port, queue = -1;

static void check(int code, const char *what) {
  if (code < 0) {
    fprintf(stderr, "%s: %s\n", what, snd_strerror(code));
    exit(1);
  }
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void sleep_until(int64_t time) {
  struct timespec t = {time / 1000000000, time % 1000000000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {}
}

static void start(const char *name, bool has_queue) {
  check(snd_seq_open(&seq, "default", SND_SEQ_OPEN_DUPLEX, SND_SEQ_NONBLOCK), "open");
  snd_seq_set_client_name(seq, name);
  snd_seq_set_client_pool_input(seq, 2000);
  snd_seq_set_client_pool_output(seq, 2000);
  snd_seq_port_info_t *info;
  snd_seq_port_info_alloca(&info);
  snd_seq_port_info_set_name(info, "port");
  snd_seq_port_info_set_capability(
      info, SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ | SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE);
  snd_seq_port_info_set_type(info, SND_SEQ_PORT_TYPE_MIDI_GENERIC | SND_SEQ_PORT_TYPE_APPLICATION);
  if (has_queue) {
    check(queue = snd_seq_alloc_queue(seq), "queue");
    snd_seq_start_queue(seq, queue, NULL);
    snd_seq_drain_output(seq);
    snd_seq_port_info_set_timestamping(info, 1);
    snd_seq_port_info_set_timestamp_real(info, 1);
    snd_seq_port_info_set_timestamp_queue(info, queue);
  }
  check(snd_seq_create_port(seq, info), "port");
  port = snd_seq_port_info_get_port(info);
}

static void wait_for_input(void) {
  struct pollfd descriptor;
  snd_seq_poll_descriptors(seq, &descriptor, 1, POLLIN);
  poll(&descriptor, 1, -1);
}

static void note(snd_seq_event_t *event, int index) {
  snd_seq_ev_clear(event);
  snd_seq_ev_set_source(event, port);
  snd_seq_ev_set_subs(event);
  snd_seq_ev_set_direct(event);
  if (index % 2 == 0)
    snd_seq_ev_set_noteon(event, 0, index / 2 % 128, 80);
  else
    snd_seq_ev_set_noteoff(event, 0, index / 2 % 128, 64);
}

static void thru(void) {
  start("thru", true);
  for (;;) {
    wait_for_input();
    snd_seq_event_t *event;
    int rest;
    do {
      rest = snd_seq_event_input(seq, &event);
      if (rest < 0) break;
      if (!snd_seq_ev_is_note_type(event)) continue;
      snd_seq_ev_set_source(event, port);
      snd_seq_ev_set_subs(event);
      snd_seq_ev_set_direct(event);
      snd_seq_event_output_direct(seq, event);
    } while (rest > 0);
  }
}

static void schedule(int count, int milliseconds) {
  start("schedule", true);
  snd_seq_event_t *input;
  do wait_for_input();
  while (snd_seq_event_input(seq, &input) < 0 || input->type != SND_SEQ_EVENT_PORT_SUBSCRIBED);
  snd_seq_queue_status_t *status;
  snd_seq_queue_status_alloca(&status);
  snd_seq_get_queue_status(seq, queue, status);
  const snd_seq_real_time_t *time = snd_seq_queue_status_get_real_time(status);
  int64_t begin = time->tv_sec * 1000000000LL + time->tv_nsec + 300000000;
  snd_seq_nonblock(seq, 0);
  for (int index = 0; index < count; index++) {
    int64_t due = begin + index * milliseconds * 1000000LL;
    snd_seq_real_time_t stamp = {due / 1000000000, due % 1000000000};
    snd_seq_event_t event;
    note(&event, index);
    snd_seq_ev_schedule_real(&event, queue, 0, &stamp);
    check(snd_seq_event_output(seq, &event), "output");
  }
  snd_seq_drain_output(seq);
  snd_seq_sync_output_queue(seq);
  usleep(100000);
}

static void monitor(const char *address) {
  start("monitor", true);
  snd_seq_addr_t from;
  check(snd_seq_parse_address(seq, &from, address), "address");
  check(snd_seq_connect_from(seq, port, from.client, from.port), "connect");
  for (;;) {
    wait_for_input();
    snd_seq_event_t *event;
    int rest;
    do {
      rest = snd_seq_event_input(seq, &event);
      if (rest < 0) break;
      if (!snd_seq_ev_is_note_type(event)) continue;
      printf("%5u.%06u %3d:%-3d note %s %2d %3d velocity %d\n", event->time.time.tv_sec,
             event->time.time.tv_nsec / 1000, event->source.client, event->source.port,
             event->type == SND_SEQ_EVENT_NOTEON ? "on " : "off", event->data.note.channel + 1, event->data.note.note,
             event->data.note.velocity);
    } while (rest > 0);
    fflush(stdout);
  }
}

static void load(const char *address, int rate, int seconds) {
  start("load", false);
  snd_seq_addr_t to;
  check(snd_seq_parse_address(seq, &to, address), "address");
  check(snd_seq_connect_to(seq, port, to.client, to.port), "connect");
  int64_t begin = now();
  for (int index = 0; index < rate * seconds; index++) {
    sleep_until(begin + index * (1000000000LL / rate));
    snd_seq_event_t event;
    note(&event, index);
    snd_seq_event_output_direct(seq, &event);
  }
}

static int compare(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static void report(int64_t *values, int count) {
  qsort(values, count, sizeof *values, compare);
  printf("p50 %.1f p90 %.1f p99 %.1f max %.1f\n", values[count / 2] / 1e3, values[count * 9 / 10] / 1e3,
         values[count * 99 / 100] / 1e3, values[count - 1] / 1e3);
}

static void probe(const char *client, int count) {
  start("probe", false);
  snd_seq_addr_t other;
  check(snd_seq_parse_address(seq, &other, client), "address");
  check(snd_seq_connect_to(seq, port, other.client, other.port), "connect");
  check(snd_seq_connect_from(seq, port, other.client, other.port), "connect");
  int64_t *values = calloc(count, sizeof *values);
  for (int index = -20; index < count; index++) {
    // Not in step with any timer.
    usleep(3000 + (index + 20) * 7919 % 2000);
    snd_seq_event_t event, *input;
    note(&event, index + 20);
    int64_t sent = now();
    check(snd_seq_event_output_direct(seq, &event), "output");
    do wait_for_input();
    while (snd_seq_event_input(seq, &input) < 0 || !snd_seq_ev_is_note_type(input));
    if (index >= 0) values[index] = now() - sent;
  }
  report(values, count);
}

static void arrivals(const char *client, int count, int milliseconds) {
  start("arrivals", false);
  snd_seq_addr_t other;
  check(snd_seq_parse_address(seq, &other, client), "address");
  check(snd_seq_connect_from(seq, port, other.client, other.port), "connect");
  int64_t *times = calloc(count, sizeof *times), *sorted = calloc(count, sizeof *sorted);
  for (int index = 0; index < count;) {
    wait_for_input();
    snd_seq_event_t *input;
    int rest;
    do {
      rest = snd_seq_event_input(seq, &input);
      if (rest >= 0 && snd_seq_ev_is_note_type(input)) {
        times[index] = now() - index * milliseconds * 1000000LL;
        index++;
      }
    } while (rest > 0 && index < count);
  }
  memcpy(sorted, times, count * sizeof *times);
  qsort(sorted, count, sizeof *sorted, compare);
  // When the schedule began is not known here: the median is taken to be on time.
  for (int index = 0; index < count; index++) times[index] = llabs(times[index] - sorted[count / 2]);
  report(times, count);
}

int main(int count, char **arguments) {
  const char *mode = count > 1 ? arguments[1] : "";
  setvbuf(stdout, NULL, _IOFBF, 1 << 16);
  if (!strcmp(mode, "thru")) thru();
  else if (!strcmp(mode, "schedule") && count == 4) schedule(atoi(arguments[2]), atoi(arguments[3]));
  else if (!strcmp(mode, "monitor") && count == 3) monitor(arguments[2]);
  else if (!strcmp(mode, "load") && count == 5) load(arguments[2], atoi(arguments[3]), atoi(arguments[4]));
  else if (!strcmp(mode, "probe") && count == 4) probe(arguments[2], atoi(arguments[3]));
  else if (!strcmp(mode, "arrivals") && count == 5) arrivals(arguments[2], atoi(arguments[3]), atoi(arguments[4]));
  else return 64;
  return 0;
}
