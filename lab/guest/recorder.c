/*
 * The recorder of the lab's guest: one static program that starts a process, lets it prepare,
 * and watches it do exactly one operation.
 *
 *   recorder run DIR NAME OPERATION [ARGUMENT...]   records; writes DIR/NAME.{json,device,samples,trace}
 *   recorder do OPERATION [ARGUMENT...]             does it unrecorded; says what it answered
 *   recorder fill FILE MIB                          appends MIB MiB of data to FILE
 *   recorder verify FILE MIB                        says how much of what `fill` wrote is in FILE
 *   recorder forget                                 has btrfs forget disks that are not mounted
 *   recorder filter FILE                            limits the tracer to the functions FILE lists
 *   recorder clock                                  prints how fast the time stamp counter runs, kHz
 *
 * NOTRACE=1 in the environment records without the function tracer. The form of the files is what
 * src/recording reads; NAME.device counts what the disk under the upper file system was asked to do.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/btrfs.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define TRACING "/sys/kernel/tracing/"
#define DISK_STAT "/sys/block/vda/stat"
#define MIB (1024L * 1024)
#define MAX_SAMPLES 512
#define STACK_BYTES 4096

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...)
{
	int number = errno;
	va_list arguments;

	fputs("recorder: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, ": %s\n", strerror(number));
	exit(1);
}

/* Seconds of CLOCK_MONOTONIC, which is also the clock the traces are stamped with. */
static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* Reads a small file of /proc or /sys; an unreadable one is empty. */
static void slurp(const char *path, char *buffer, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t length = fd < 0 ? 0 : read(fd, buffer, size - 1);

	if (fd >= 0)
		close(fd);
	buffer[length > 0 ? length : 0] = 0;
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail("%s", path);
	close(fd);
}

static FILE *create(const char *dir, const char *name, const char *extension)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s.%s", dir, name, extension);
	file = fopen(path, "w");
	if (!file)
		fail("%s", path);
	return file;
}

static void finish(FILE *file, const char *what)
{
	if (ferror(file) || fclose(file))
		fail("cannot write %s", what);
}

/* ---- what is watched ---------------------------------------------------------------------- */

struct memory {
	long dirty, writeback; /* kB, as /proc/meminfo has them */
};

static struct memory read_memory(void)
{
	static char text[16384];
	struct memory memory = {-1, -1};
	char *at;

	slurp("/proc/meminfo", text, sizeof text);
	if ((at = strstr(text, "\nDirty:")))
		memory.dirty = atol(at + 7);
	if ((at = strstr(text, "\nWriteback:")))
		memory.writeback = atol(at + 11);
	return memory;
}

struct device {
	long writes, sectors, flushes; /* requests completed since boot, and sectors written */
};

static struct device read_device(void)
{
	struct device device = {0, 0, 0};
	char text[512], *at = text;
	int field;

	slurp(DISK_STAT, text, sizeof text);
	for (field = 0; field < 17 && *at; field++) {
		long value = strtol(at, &at, 10);

		if (field == 4)
			device.writes = value;
		else if (field == 6)
			device.sectors = value;
		else if (field == 15)
			device.flushes = value;
	}
	return device;
}

struct sample {
	double t;
	char state;
	struct memory memory;
	char stack[STACK_BYTES];
};

static void take_sample(struct sample *sample, pid_t pid, double start)
{
	char path[64], text[512], *name_end;

	sample->t = now() - start;
	sample->memory = read_memory();
	snprintf(path, sizeof path, "/proc/%d/stack", pid);
	slurp(path, sample->stack, sizeof sample->stack);
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	slurp(path, text, sizeof text);
	name_end = strrchr(text, ')');
	sample->state = name_end && name_end[1] ? name_end[2] : 'X';
	/* The stack of a running process is a guess: it moves while it is read. */
	if (sample->state == 'R')
		sample->stack[0] = 0;
}

/* ---- the operations ----------------------------------------------------------------------- */

/* What an operation's preparation hands to it. */
struct job {
	char **args;
	int fd, source;
	char *data;
	long size;
	aio_context_t aio;
	int ring;
	struct io_uring_sqe *entries;
	unsigned *submit_tail, *submit_array, *complete_head, *complete_tail;
	struct io_uring_cqe *completions;
};

struct operation {
	const char *name;
	int arguments;
	void (*prepare)(struct job *);
	/* What the system call answered, or -1 and errno. */
	long (*perform)(struct job *);
};

static int must_open(const char *path, int flags)
{
	int fd = open(path, flags, 0644);

	if (fd < 0)
		fail("%s", path);
	return fd;
}

static void allocate(struct job *job, long size)
{
	job->size = size;
	job->data = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (job->data == MAP_FAILED)
		fail("%ld bytes of memory", size);
	memset(job->data, 'x', size);
}

/* Opens ARGUMENT 0 anew for writing and has ARGUMENT 1 MiB ready. */
static void prepare_write(struct job *job, int flags)
{
	job->fd = must_open(job->args[0], O_WRONLY | O_CREAT | O_TRUNC | flags);
	allocate(job, atol(job->args[1]) * MIB);
}

static void open_file(struct job *job) { job->fd = must_open(job->args[0], O_RDWR); }
static void open_dir(struct job *job) { job->fd = must_open(job->args[0], O_RDONLY | O_DIRECTORY); }
static void write_usual(struct job *job) { prepare_write(job, 0); }
static void write_osync(struct job *job) { prepare_write(job, O_SYNC); }
static void write_odsync(struct job *job) { prepare_write(job, O_DSYNC); }

/* A file on the mount ARGUMENT 0 stays open: ARGUMENT 1. */
static void hold_file(struct job *job) { job->fd = must_open(job->args[1], O_RDONLY); }

static void detach_below_open_file(struct job *job)
{
	hold_file(job);
	if (umount2(job->args[0], MNT_DETACH))
		fail("umount %s", job->args[0]);
}

static void map_shared(struct job *job)
{
	job->fd = must_open(job->args[0], O_RDWR | O_CREAT | O_TRUNC);
	job->size = atol(job->args[1]) * MIB;
	if (ftruncate(job->fd, job->size))
		fail("%s", job->args[0]);
	job->data = mmap(0, job->size, PROT_READ | PROT_WRITE, MAP_SHARED, job->fd, 0);
	if (job->data == MAP_FAILED)
		fail("mapping of %s", job->args[0]);
	memset(job->data, 'x', job->size);
}

static void open_source(struct job *job)
{
	struct stat about;

	job->source = must_open(job->args[0], O_RDONLY);
	job->fd = must_open(job->args[1], O_WRONLY | O_CREAT | O_TRUNC | O_SYNC);
	if (fstat(job->source, &about))
		fail("%s", job->args[0]);
	job->size = about.st_size;
}

static void fill_pipe(struct job *job)
{
	int ends[2];

	write_osync(job);
	if (pipe(ends) || fcntl(ends[1], F_SETPIPE_SZ, (int)job->size) < 0)
		fail("a pipe of %ld bytes", job->size);
	if (write(ends[1], job->data, job->size) != job->size)
		fail("writing into the pipe");
	job->source = ends[0];
}

static void set_up_aio(struct job *job)
{
	write_osync(job);
	if (syscall(SYS_io_setup, 1, &job->aio))
		fail("io_setup");
}

static void open_for_aio(struct job *job)
{
	open_file(job);
	if (syscall(SYS_io_setup, 1, &job->aio))
		fail("io_setup");
}

static void set_up_ring(struct job *job)
{
	struct io_uring_params about = {0};
	size_t entries, ring;
	char *base;

	write_osync(job);
	job->ring = syscall(SYS_io_uring_setup, 1, &about);
	if (job->ring < 0)
		fail("io_uring_setup");
	if (!(about.features & IORING_FEAT_SINGLE_MMAP)) {
		errno = ENOSYS;
		fail("io_uring of this kernel");
	}
	ring = about.sq_off.array + about.sq_entries * sizeof(unsigned);
	if (ring < about.cq_off.cqes + about.cq_entries * sizeof(struct io_uring_cqe))
		ring = about.cq_off.cqes + about.cq_entries * sizeof(struct io_uring_cqe);
	entries = about.sq_entries * sizeof(struct io_uring_sqe);
	base = mmap(0, ring, PROT_READ | PROT_WRITE, MAP_SHARED, job->ring, IORING_OFF_SQ_RING);
	job->entries = mmap(0, entries, PROT_READ | PROT_WRITE, MAP_SHARED, job->ring, IORING_OFF_SQES);
	if (base == MAP_FAILED || job->entries == MAP_FAILED)
		fail("mapping of the ring");
	job->submit_tail = (unsigned *)(base + about.sq_off.tail);
	job->submit_array = (unsigned *)(base + about.sq_off.array);
	job->complete_head = (unsigned *)(base + about.cq_off.head);
	job->complete_tail = (unsigned *)(base + about.cq_off.tail);
	job->completions = (struct io_uring_cqe *)(base + about.cq_off.cqes);
}

static long answer(long result)
{
	if (result >= 0)
		return result;
	errno = -result;
	return -1;
}

static long do_umount(struct job *job) { return umount2(job->args[0], 0); }
static long do_umount_lazy(struct job *job) { return umount2(job->args[0], MNT_DETACH); }
static long do_close(struct job *job) { return close(job->fd); }
static long do_fsync(struct job *job) { return fsync(job->fd); }
static long do_fdatasync(struct job *job) { return fdatasync(job->fd); }
static long do_syncfs(struct job *job) { return syncfs(job->fd); }
static long do_append(struct job *job) { return open(job->args[0], O_WRONLY | O_APPEND) < 0 ? -1 : 0; }
static long do_chmod(struct job *job) { return chmod(job->args[0], 0600); }
static long do_write(struct job *job) { return write(job->fd, job->data, job->size); }
static long do_msync(struct job *job) { return msync(job->data, job->size, MS_SYNC); }
static long do_fallocate(struct job *job) { return fallocate(job->fd, 0, 0, job->size); }

static long do_remount(struct job *job)
{
	return mount("none", job->args[0], NULL, MS_REMOUNT, NULL);
}

static long do_remount_ro(struct job *job)
{
	return mount("none", job->args[0], NULL, MS_REMOUNT | MS_RDONLY, NULL);
}

static long do_sync(struct job *job)
{
	(void)job;
	sync();
	return 0;
}

static long write_with(struct job *job, int flags)
{
	struct iovec part = {job->data, job->size};

	return pwritev2(job->fd, &part, 1, 0, flags);
}

static long do_rwf_sync(struct job *job) { return write_with(job, RWF_SYNC); }
static long do_rwf_dsync(struct job *job) { return write_with(job, RWF_DSYNC); }

static long submit(struct job *job, struct iocb request)
{
	struct iocb *list = &request;
	struct io_event event = {0};

	if (syscall(SYS_io_submit, job->aio, 1, &list) != 1)
		return -1;
	if (syscall(SYS_io_getevents, job->aio, 1, 1, &event, NULL) != 1)
		return -1;
	return answer(event.res);
}

static long do_aio(struct job *job)
{
	return submit(job, (struct iocb){
				   .aio_fildes = job->fd,
				   .aio_lio_opcode = IOCB_CMD_PWRITE,
				   .aio_buf = (unsigned long)job->data,
				   .aio_nbytes = job->size,
			   });
}

static long do_aio_fsync(struct job *job)
{
	return submit(job, (struct iocb){.aio_fildes = job->fd, .aio_lio_opcode = IOCB_CMD_FSYNC});
}

static long do_uring(struct job *job)
{
	struct io_uring_sqe *request = job->entries;

	memset(request, 0, sizeof *request);
	request->opcode = IORING_OP_WRITE;
	request->fd = job->fd;
	request->addr = (unsigned long)job->data;
	request->len = job->size;
	job->submit_array[0] = 0;
	__atomic_store_n(job->submit_tail, *job->submit_tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, job->ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		return -1;
	if (__atomic_load_n(job->complete_tail, __ATOMIC_ACQUIRE) == *job->complete_head) {
		errno = EAGAIN;
		return -1;
	}
	return answer(job->completions[0].res);
}

static long do_copy_file_range(struct job *job)
{
	return copy_file_range(job->source, NULL, job->fd, NULL, job->size, 0);
}

static long do_splice(struct job *job)
{
	return splice(job->source, NULL, job->fd, NULL, job->size, 0);
}

static long do_sync_file_range(struct job *job)
{
	return sync_file_range(job->fd, 0, 0,
			       SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
				       SYNC_FILE_RANGE_WAIT_AFTER);
}

static const struct operation operations[] = {
	{"umount", 1, NULL, do_umount},
	{"umount_lazy", 1, NULL, do_umount_lazy},
	{"umount_lazy_open", 2, hold_file, do_umount_lazy},
	{"close_detached", 2, detach_below_open_file, do_close},
	{"remount", 1, NULL, do_remount},
	{"remount_ro", 1, NULL, do_remount_ro},
	{"fsync", 1, open_file, do_fsync},
	{"fdatasync", 1, open_file, do_fdatasync},
	{"fsync_dir", 1, open_dir, do_fsync},
	{"syncfs", 1, open_dir, do_syncfs},
	{"sync", 0, NULL, do_sync},
	{"append", 1, NULL, do_append},
	{"chmod", 1, NULL, do_chmod},
	{"write_osync", 2, write_osync, do_write},
	{"write_odsync", 2, write_odsync, do_write},
	{"rwf_sync", 2, write_usual, do_rwf_sync},
	{"rwf_dsync", 2, write_usual, do_rwf_dsync},
	{"aio_osync", 2, set_up_aio, do_aio},
	{"aio_fsync", 1, open_for_aio, do_aio_fsync},
	{"uring_osync", 2, set_up_ring, do_uring},
	{"msync", 2, map_shared, do_msync},
	{"copy_file_range", 2, open_source, do_copy_file_range},
	{"splice", 2, fill_pipe, do_splice},
	{"fallocate", 2, write_osync, do_fallocate},
	{"sync_file_range", 1, open_file, do_sync_file_range},
};

static const struct operation *find_operation(const char *name)
{
	for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
		if (!strcmp(operations[i].name, name))
			return &operations[i];
	errno = EINVAL;
	fail("operation %s", name);
}

/* ---- recording ---------------------------------------------------------------------------- */

struct outcome {
	double begin, end;
	long value;
	int number;
};

/* The recorded process: prepares, says so, waits for the start, acts, reports, waits to be let go. */
__attribute__((noreturn)) static void act(const struct operation *operation, char **args, int report,
					  int start)
{
	struct job job = {.args = args, .fd = -1};
	struct outcome outcome = {0};
	char byte = 'r';

	if (operation->prepare)
		operation->prepare(&job);
	if (write(report, &byte, 1) != 1 || read(start, &byte, 1) != 1)
		_exit(1);
	outcome.begin = now();
	outcome.value = operation->perform(&job);
	outcome.number = outcome.value < 0 ? errno : 0;
	outcome.end = now();
	if (write(report, &outcome, sizeof outcome) != sizeof outcome || read(start, &byte, 1) != 1)
		_exit(1);
	_exit(0);
}

static void begin_trace(pid_t pid)
{
	static const char *const options[][2] = {
		{"funcgraph-abstime", "1"}, {"funcgraph-tail", "1"}, {"funcgraph-proc", "0"},
		{"funcgraph-irqs", "0"},    {"funcgraph-cpu", "0"},  {"sleep-time", "1"},
	};
	char text[32], path[128];

	put(TRACING "tracing_on", "0");
	put(TRACING "current_tracer", "nop");
	put(TRACING "trace_clock", "mono");
	put(TRACING "buffer_size_kb", "16384");
	snprintf(text, sizeof text, "%d", pid);
	put(TRACING "set_ftrace_pid", text);
	put(TRACING "current_tracer", "function_graph");
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		snprintf(path, sizeof path, TRACING "options/%s", options[i][0]);
		put(path, options[i][1]);
	}
	put(TRACING "trace", "");
	put(TRACING "tracing_on", "1");
}

static void end_trace(const char *dir, const char *name)
{
	static char buffer[65536];
	FILE *out = create(dir, name, "trace");
	int in = must_open(TRACING "trace", O_RDONLY);
	ssize_t length;

	while ((length = read(in, buffer, sizeof buffer)) > 0)
		fwrite(buffer, 1, length, out);
	close(in);
	finish(out, "the trace");
	put(TRACING "current_tracer", "nop");
}

/* How long to wait for the next sample: often while much changes, seldom in a long wait. */
static int interval(double elapsed) { return elapsed < 0.5 ? 50 : elapsed < 3 ? 200 : 500; }

static int record(char *dir, char *name, char *word, int argc, char **args)
{
	static struct sample samples[MAX_SAMPLES];
	const struct operation *operation = find_operation(word);
	int traced = !getenv("NOTRACE"), start[2], report[2], count = 0, kept = 0;
	struct memory before, after;
	struct device disk_before, disk_after;
	struct outcome outcome;
	struct pollfd reported;
	double began;
	pid_t pid;
	FILE *file;
	char byte;

	if (argc != operation->arguments) {
		errno = EINVAL;
		fail("%s takes %d arguments", word, operation->arguments);
	}
	if (pipe(start) || pipe(report))
		fail("pipe");
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		close(start[1]);
		close(report[0]);
		act(operation, args, report[1], start[0]);
	}
	close(start[0]);
	close(report[1]);
	if (read(report[0], &byte, 1) != 1) {
		errno = ECHILD;
		fail("%s could not be prepared", word);
	}
	if (traced)
		begin_trace(pid);

	before = read_memory();
	disk_before = read_device();
	began = now();
	if (write(start[1], "g", 1) != 1)
		fail("start of %s", word);
	reported = (struct pollfd){.fd = report[0], .events = POLLIN};
	while (poll(&reported, 1, interval(now() - began)) == 0)
		if (count < MAX_SAMPLES)
			take_sample(&samples[count++], pid, began);
	if (read(report[0], &outcome, sizeof outcome) != sizeof outcome) {
		errno = ECHILD;
		fail("%s did not come back", word);
	}
	if (traced)
		put(TRACING "tracing_on", "0");
	after = read_memory();
	disk_after = read_device();
	if (write(start[1], "x", 1) != 1)
		fail("end of %s", word);
	waitpid(pid, NULL, 0);

	file = create(dir, name, "samples");
	fprintf(file, "# op=%s t_start_mono=%.6f\n", word, began);
	fprintf(file, "@ t=0 state=. Dirty=%ld kB Writeback=%ld kB\n", before.dirty, before.writeback);
	/* The operation can end while a sample is being taken: such a sample shows nothing of it. */
	for (; kept < count && samples[kept].t < outcome.end - began; kept++)
		fprintf(file, "@ t=%.6f state=%c Dirty=%ld kB Writeback=%ld kB\n%s", samples[kept].t,
			samples[kept].state, samples[kept].memory.dirty, samples[kept].memory.writeback,
			samples[kept].stack);
	fprintf(file, "@ t=%.6f state=done Dirty=%ld kB Writeback=%ld kB\n", outcome.end - began,
		after.dirty, after.writeback);
	finish(file, "the samples");

	if (traced)
		end_trace(dir, name);

	file = create(dir, name, "device");
	fprintf(file, "{\"flushes\":%ld,\"writes\":%ld,\"sectors\":%ld,\"value\":%ld}\n",
		disk_after.flushes - disk_before.flushes, disk_after.writes - disk_before.writes,
		disk_after.sectors - disk_before.sectors, outcome.value);
	finish(file, "the disk's counts");

	file = create(dir, name, "json");
	fprintf(file,
		"{\"name\":\"%s\",\"op\":\"%s\",\"t0_mono\":%.6f,\"seconds\":%.6f,\"rc\":%d,\"errno\":%d,"
		"\"errstr\":\"%s\",\"dirty_kb\":[%ld,%ld],\"writeback_kb\":[%ld,%ld],\"stack_samples\":%d}\n",
		name, word, outcome.begin, outcome.end - outcome.begin, outcome.value < 0 ? -1 : 0,
		outcome.number, outcome.number ? strerror(outcome.number) : "", before.dirty, after.dirty,
		before.writeback, after.writeback, kept);
	finish(file, "the result");
	return 0;
}

/* Does an operation without recording it, for probes: its answer is printed and is the status. */
static int do_once(const char *word, int argc, char **args)
{
	const struct operation *operation = find_operation(word);
	struct job job = {.args = args, .fd = -1};
	long value;

	if (argc != operation->arguments) {
		errno = EINVAL;
		fail("%s takes %d arguments", word, operation->arguments);
	}
	if (operation->prepare)
		operation->prepare(&job);
	value = operation->perform(&job);
	printf("%s: %s\n", word, value < 0 ? strerror(errno) : "ok");
	return value < 0;
}

/* ---- the rest ----------------------------------------------------------------------------- */

static int fill(const char *path, long mib)
{
	int fd = must_open(path, O_WRONLY | O_CREAT | O_APPEND);
	struct job job = {0};

	allocate(&job, MIB);
	while (mib-- > 0)
		if (write(fd, job.data, MIB) != MIB)
			fail("%s", path);
	close(fd);
	return 0;
}

/*
 * Prints `BYTES LENGTH INTACT`: how much `fill` wrote, how long FILE is now (`none` where there is
 * no file), and how many bytes are still the ones written.
 */
static int verify(const char *path, long mib)
{
	static char buffer[65536];
	long length = 0, intact = 0;
	ssize_t got;
	int fd = open(path, O_RDONLY);

	if (fd < 0) {
		if (errno != ENOENT)
			fail("%s", path);
		printf("%ld none 0\n", mib * MIB);
		return 0;
	}
	while ((got = read(fd, buffer, sizeof buffer)) > 0) {
		length += got;
		for (ssize_t i = 0; i < got; i++)
			intact += buffer[i] == 'x';
	}
	if (got < 0)
		fail("%s", path);
	close(fd);
	printf("%ld %ld %ld\n", mib * MIB, length, intact);
	return 0;
}

/* Copies of one disk carry one identity: btrfs refuses the second while it remembers the first. */
static int forget(void)
{
	struct btrfs_ioctl_vol_args all = {0};
	int fd = open("/dev/btrfs-control", O_RDWR);

	if (fd < 0)
		return errno == ENOENT ? 0 : 1;
	if (ioctl(fd, BTRFS_IOC_FORGET_DEV, &all))
		fail("btrfs does not forget");
	close(fd);
	return 0;
}

/*
 * Traces the functions that FILE lists, one per line, and all of the overlay module. The filter is
 * given as numbers of lines of available_filter_functions: for each name the kernel would search
 * its whole table, which takes minutes in an emulated machine.
 */
static int filter(const char *list)
{
	static char names[512][96];
	int wanted = 0, line = 0, set = 0, out;
	char text[512], number[16];
	FILE *file = fopen(list, "r");

	if (!file)
		fail("%s", list);
	while (wanted < 512 && fgets(text, sizeof text, file)) {
		text[strcspn(text, "\n")] = 0;
		if (*text)
			snprintf(names[wanted++], sizeof *names, "%.95s", text);
	}
	fclose(file);

	file = fopen(TRACING "available_filter_functions", "r");
	if (!file)
		fail("the list of traceable functions");
	out = must_open(TRACING "set_ftrace_filter", O_WRONLY | O_TRUNC);
	while (fgets(text, sizeof text, file)) {
		int match = strstr(text, "[overlay]") != NULL;

		line++;
		text[strcspn(text, " \n")] = 0;
		for (int i = 0; !match && i < wanted; i++)
			match = !strcmp(text, names[i]);
		if (!match)
			continue;
		snprintf(number, sizeof number, "%d\n", line);
		if (write(out, number, strlen(number)) > 0)
			set++;
	}
	fclose(file);
	close(out);
	printf("%d of %d functions are traced\n", set, line);
	return set > 0 ? 0 : 1;
}

static int print_clock(void)
{
	double began = now(), elapsed;
	unsigned long long ticks = __rdtsc();

	usleep(250000);
	ticks = __rdtsc() - ticks;
	elapsed = now() - began;
	printf("%.0f\n", ticks / elapsed / 1000);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 5 && !strcmp(argv[1], "run"))
		return record(argv[2], argv[3], argv[4], argc - 5, argv + 5);
	if (argc >= 3 && !strcmp(argv[1], "do"))
		return do_once(argv[2], argc - 3, argv + 3);
	if (argc == 4 && !strcmp(argv[1], "fill"))
		return fill(argv[2], atol(argv[3]));
	if (argc == 4 && !strcmp(argv[1], "verify"))
		return verify(argv[2], atol(argv[3]));
	if (argc == 2 && !strcmp(argv[1], "forget"))
		return forget();
	if (argc == 3 && !strcmp(argv[1], "filter"))
		return filter(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "clock"))
		return print_clock();
	fputs("usage: recorder run DIR NAME OPERATION [ARGUMENT...] | do OPERATION [ARGUMENT...] |\n"
	      "       fill FILE MIB | verify FILE MIB | forget | filter FILE | clock\n",
	      stderr);
	return 2;
}
