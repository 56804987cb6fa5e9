// The Linux calls that Swift's Glibc module does not show: epoll, eventfd, timerfd, signalfd, pidfd,
// close_range and some of prctl; and one thread-local pointer, for Swift has none.
//
// Every function returns what the call returns, or the negative errno (-EAGAIN, -ENOENT, …), so that no
// caller has to read errno in time. A call interrupted by a signal returns -EINTR: nothing is retried here.
#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/types.h>

// epoll (epoll(7)). Masks are plain integers, since EPOLLIN and its kin are enum constants.
static const uint32_t clinux_epoll_in = EPOLLIN;
static const uint32_t clinux_epoll_out = EPOLLOUT;
static const uint32_t clinux_epoll_rdhup = EPOLLRDHUP;
static const uint32_t clinux_epoll_hup = EPOLLHUP;
static const uint32_t clinux_epoll_err = EPOLLERR;
static const uint32_t clinux_epoll_oneshot = EPOLLONESHOT;
static const uint32_t clinux_epoll_edge = (uint32_t)EPOLLET;

/// A new epoll descriptor, close-on-exec.
int clinux_epoll_create(void);
/// Adds a descriptor; `token` comes back with its events.
int clinux_epoll_add(int epoll, int fd, uint32_t events, uint64_t token);
/// Changes what is asked of a descriptor already added; re-arms a one-shot one.
int clinux_epoll_modify(int epoll, int fd, uint32_t events, uint64_t token);
/// Removes a descriptor.
int clinux_epoll_remove(int epoll, int fd);
/// Waits at most `timeout` milliseconds (-1: without limit) and fills at most `capacity` events.
int clinux_epoll_wait(int epoll, struct epoll_event *events, int capacity, int timeout);

// eventfd(2)
/// A new non-blocking counter, close-on-exec.
int clinux_eventfd_create(void);
/// Adds one to the counter; 0 also when it is full, for then it is readable anyway.
int clinux_eventfd_signal(int fd);
/// Sets the counter to zero and stores what it held (0 if it held nothing).
int clinux_eventfd_drain(int fd, uint64_t *count);

// timerfd_create(2)
/// A new non-blocking timer on CLOCK_MONOTONIC, close-on-exec, not armed.
int clinux_timerfd_create(void);
/// Arms the timer for an absolute time in nanoseconds; 0 disarms it.
int clinux_timerfd_arm(int fd, uint64_t monotonic_nanoseconds);

// signalfd(2)
/// Blocks the signals in this thread and returns a non-blocking descriptor that reads them, close-on-exec.
int clinux_signalfd_create(const int *signals, size_t count);
/// Reads one signal's number and the sender's pid; -EAGAIN when none waits.
int clinux_signalfd_read(int fd, pid_t *sender);

// pidfd_open(2), pidfd_send_signal(2), waitid(2) with P_PIDFD
/// A descriptor of a process, close-on-exec; readable when the process has ended.
int clinux_pidfd_open(pid_t pid);
/// Sends a signal to the process, and to no later process with the same number.
int clinux_pidfd_signal(int pidfd, int signal);

/// How a child ended.
struct clinux_exit {
    /// The child's pid; 0 while it still runs.
    pid_t pid;
    /// 1 when a signal ended it, 0 when it exited.
    int signalled;
    /// 1 when it left a core dump.
    int dumped;
    /// The exit code, or the signal's number.
    int status;
    /// Processor time in user mode, in microseconds.
    uint64_t user_microseconds;
    /// Processor time in the kernel, in microseconds.
    uint64_t system_microseconds;
    /// The largest resident set, in KiB.
    uint64_t max_resident_kib;
};

/// Reaps the child behind `pidfd`. Without `block` it returns at once, with pid 0 while the child runs.
int clinux_pidfd_reap(int pidfd, int block, struct clinux_exit *result);

// close_range(2)
/// Closes all descriptors from `first` to `last`, both included.
int clinux_close_range(unsigned int first, unsigned int last);
/// Sets close-on-exec on all descriptors from `first` to `last`, both included (Linux 5.11).
int clinux_cloexec_range(unsigned int first, unsigned int last);

// prctl(2)
/// The signal this process gets when the thread that made it ends; 0 clears it.
int clinux_set_parent_death_signal(int signal);
/// No exec from here on gains privileges; for good.
int clinux_set_no_new_privileges(void);
/// Whether the process may be traced and dump core.
int clinux_set_dumpable(int dumpable);
/// The calling thread's name, at most 15 bytes.
int clinux_set_thread_name(const char *name);
/// Children whose parent ended become this process's.
int clinux_set_child_subreaper(int enabled);

// One pointer a thread: the loop that this thread runs.
/// The pointer that this thread stored last, or null.
void *clinux_thread_loop(void);
/// Stores this thread's pointer.
void clinux_set_thread_loop(void *loop);

// Names to addresses.
/// Returned by `clinux_resolve` in a fully static program, which has no resolver.
static const int clinux_resolve_unavailable = 1;
/// Returned by `clinux_resolve` when the name does not exist, or has no address.
static const int clinux_resolve_not_found = 2;
/// Returned by `clinux_resolve` when the name server did not answer.
static const int clinux_resolve_try_again = 3;
/// Returned by `clinux_resolve` for any other failure.
static const int clinux_resolve_failed = 4;
/// Writes the host's numeric addresses, each ended by a newline, in getaddrinfo's order (RFC 6724), and a
/// final zero. Blocks for as long as name servers take. Returns 0 or one of the codes above.
int clinux_resolve(const char *host, char *buffer, size_t capacity);
/// 1 when the host is a numeric IPv4 or IPv6 address already.
int clinux_is_numeric_address(const char *host);

// recvmsg(2), unix(7)
/// Reads from a socket as recv(2) does, and takes a descriptor that was handed over with the bytes (SCM_RIGHTS), which is
/// close-on-exec then; `*descriptor` is -1 without one.
ssize_t clinux_receive(int socket, void *bytes, size_t count, int *descriptor);

/// Keeps up to `bytes` of memory that was freed for what is allocated next, and gives back at once only single blocks of
/// more than half of it (mallopt(3)); else each body of a request would be made of pages that are new.
void clinux_keep_freed_memory(int bytes);

/// How many cores the process may run on, by its affinity; 1 at least.
int clinux_usable_cores(void);

#endif
