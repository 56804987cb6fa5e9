#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static int result(long value) { return value < 0 ? -errno : (int)value; }

int clinux_epoll_create(void) { return result(epoll_create1(EPOLL_CLOEXEC)); }

static int control(int epoll, int operation, int fd, uint32_t events, uint64_t token) {
    struct epoll_event event;
    memset(&event, 0, sizeof event);
    event.events = events;
    event.data.u64 = token;
    return result(epoll_ctl(epoll, operation, fd, &event));
}

int clinux_epoll_add(int epoll, int fd, uint32_t events, uint64_t token) {
    return control(epoll, EPOLL_CTL_ADD, fd, events, token);
}

int clinux_epoll_modify(int epoll, int fd, uint32_t events, uint64_t token) {
    return control(epoll, EPOLL_CTL_MOD, fd, events, token);
}

int clinux_epoll_remove(int epoll, int fd) { return control(epoll, EPOLL_CTL_DEL, fd, 0, 0); }

int clinux_epoll_wait(int epoll, struct epoll_event *events, int capacity, int timeout) {
    return result(epoll_wait(epoll, events, capacity, timeout));
}

int clinux_eventfd_create(void) { return result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

int clinux_eventfd_signal(int fd) {
    uint64_t one = 1;
    if (write(fd, &one, sizeof one) >= 0 || errno == EAGAIN) { return 0; }
    return -errno;
}

int clinux_eventfd_drain(int fd, uint64_t *count) {
    *count = 0;
    if (read(fd, count, sizeof *count) >= 0 || errno == EAGAIN) { return 0; }
    return -errno;
}

int clinux_timerfd_create(void) {
    return result(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
}

int clinux_timerfd_arm(int fd, uint64_t monotonic_nanoseconds) {
    struct itimerspec when;
    memset(&when, 0, sizeof when);
    when.it_value.tv_sec = (time_t)(monotonic_nanoseconds / 1000000000u);
    when.it_value.tv_nsec = (long)(monotonic_nanoseconds % 1000000000u);
    return result(timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL));
}

int clinux_signalfd_create(const int *signals, size_t count) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t index = 0; index < count; index++) { sigaddset(&set, signals[index]); }
    int failure = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (failure != 0) { return -failure; }
    return result(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

int clinux_signalfd_read(int fd, pid_t *sender) {
    struct signalfd_siginfo info;
    ssize_t count = read(fd, &info, sizeof info);
    if (count < 0) { return -errno; }
    if (count != (ssize_t)sizeof info) { return -EIO; }
    if (sender != NULL) { *sender = (pid_t)info.ssi_pid; }
    return (int)info.ssi_signo;
}

int clinux_pidfd_open(pid_t pid) { return result(syscall(SYS_pidfd_open, pid, 0)); }

int clinux_pidfd_signal(int pidfd, int signal) {
    return result(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int clinux_pidfd_reap(int pidfd, int block, struct clinux_exit *exited) {
    siginfo_t info;
    struct rusage usage;
    memset(&info, 0, sizeof info);
    memset(&usage, 0, sizeof usage);
    memset(exited, 0, sizeof *exited);
    // The raw call, because glibc's waitid drops the fifth argument: what the child used.
    long value = syscall(SYS_waitid, 3 /* P_PIDFD */, pidfd, &info, WEXITED | (block ? 0 : WNOHANG), &usage);
    if (value < 0) { return -errno; }
    exited->pid = info.si_pid;
    if (info.si_pid == 0) { return 0; }
    exited->signalled = info.si_code != CLD_EXITED;
    exited->dumped = info.si_code == CLD_DUMPED;
    exited->status = info.si_status;
    exited->user_microseconds = (uint64_t)usage.ru_utime.tv_sec * 1000000u + (uint64_t)usage.ru_utime.tv_usec;
    exited->system_microseconds = (uint64_t)usage.ru_stime.tv_sec * 1000000u + (uint64_t)usage.ru_stime.tv_usec;
    exited->max_resident_kib = (uint64_t)usage.ru_maxrss;
    return 0;
}

int clinux_close_range(unsigned int first, unsigned int last) {
    return result(syscall(SYS_close_range, first, last, 0));
}

int clinux_cloexec_range(unsigned int first, unsigned int last) {
    return result(syscall(SYS_close_range, first, last, 4 /* CLOSE_RANGE_CLOEXEC */));
}

int clinux_set_parent_death_signal(int signal) { return result(prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)); }
int clinux_set_no_new_privileges(void) { return result(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)); }
int clinux_set_dumpable(int dumpable) { return result(prctl(PR_SET_DUMPABLE, dumpable ? 1 : 0, 0, 0, 0)); }
int clinux_set_thread_name(const char *name) { return result(prctl(PR_SET_NAME, name, 0, 0, 0)); }
int clinux_set_child_subreaper(int enabled) {
    return result(prctl(PR_SET_CHILD_SUBREAPER, enabled ? 1 : 0, 0, 0, 0));
}

static _Thread_local void *thread_loop = NULL;

void *clinux_thread_loop(void) { return thread_loop; }
void clinux_set_thread_loop(void *loop) { thread_loop = loop; }

// Weak, so that a fully static program, where getaddrinfo could not load its plug-ins, does not link it.
#pragma weak getaddrinfo
#pragma weak freeaddrinfo

int clinux_resolve(const char *host, char *buffer, size_t capacity) {
    if (getaddrinfo == NULL || freeaddrinfo == NULL) { return clinux_resolve_unavailable; }
    struct addrinfo hints;
    struct addrinfo *list = NULL;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    int code = getaddrinfo(host, NULL, &hints, &list);
    if (code == EAI_AGAIN) { return clinux_resolve_try_again; }
    if (code == EAI_NONAME || code == EAI_NODATA) { return clinux_resolve_not_found; }
    if (code != 0) { return clinux_resolve_failed; }

    size_t used = 0;
    for (struct addrinfo *one = list; one != NULL; one = one->ai_next) {
        char text[INET6_ADDRSTRLEN + 16];
        uint32_t scope = 0;
        const void *address;
        if (one->ai_family == AF_INET) {
            address = &((const struct sockaddr_in *)one->ai_addr)->sin_addr;
        } else if (one->ai_family == AF_INET6) {
            address = &((const struct sockaddr_in6 *)one->ai_addr)->sin6_addr;
            scope = ((const struct sockaddr_in6 *)one->ai_addr)->sin6_scope_id;
        } else {
            continue;
        }
        if (inet_ntop(one->ai_family, address, text, INET6_ADDRSTRLEN) == NULL) { continue; }
        if (scope != 0) { snprintf(text + strlen(text), 16, "%%%u", scope); }
        size_t length = strlen(text);
        if (used + length + 2 > capacity) { break; }
        memcpy(buffer + used, text, length);
        buffer[used + length] = '\n';
        used += length + 1;
    }
    buffer[used] = 0;
    freeaddrinfo(list);
    return used == 0 ? clinux_resolve_not_found : 0;
}

int clinux_is_numeric_address(const char *host) {
    unsigned char bytes[16];
    return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

int clinux_usable_cores(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) != 0) { return 1; }
    int count = CPU_COUNT(&set);
    return count > 0 ? count : 1;
}

ssize_t clinux_receive(int socket, void *bytes, size_t count, int *descriptor) {
    struct iovec vector = {bytes, count};
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr alignment;
    } control;
    // There is room for one, to the byte: what comes beyond it the kernel closes. Rounded up, two would fit.
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_LEN(sizeof(int))};
    *descriptor = -1;
    ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (received < 0) { return -errno; }
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head != NULL && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS
        && head->cmsg_len == CMSG_LEN(sizeof *descriptor)) {
        memcpy(descriptor, CMSG_DATA(head), sizeof *descriptor);
    }
    return received;
}

void clinux_keep_freed_memory(int bytes) {
    mallopt(M_MMAP_THRESHOLD, bytes / 2);
    mallopt(M_TRIM_THRESHOLD, bytes);
}
