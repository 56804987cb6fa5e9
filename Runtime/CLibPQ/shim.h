// libpq, PostgreSQL's own client library, and a few calls of the system that its user needs.
#ifndef CLIBPQ_SHIM_H
#define CLIBPQ_SHIM_H

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

/// What `clibpq_socket_state` answers.
enum clibpq_state { clibpq_quiet = 0, clibpq_readable = 1, clibpq_closed = 2 };

/// Whether the other side of a socket has closed, or sent something that nobody asked for. Does not wait.
static inline int clibpq_socket_state(int fd) {
    struct pollfd one = {.fd = fd, .events = POLLIN | 0x2000 /* POLLRDHUP */, .revents = 0};
    int count;
    do { count = poll(&one, 1, 0); } while (count < 0 && errno == EINTR);
    if (count < 0) return clibpq_closed;
    if (count == 0) return clibpq_quiet;
    if (one.revents & (POLLERR | POLLHUP | POLLNVAL | 0x2000)) return clibpq_closed;
    return clibpq_readable;
}

/// Gives the calling thread a table of descriptors of its own, with nothing in it above the standard three; 0 when that
/// worked. What the process opens and closes from here on is nothing to the thread, and the other way round.
static inline int clibpq_leave_descriptors(void) {
    return (int)syscall(436 /* SYS_close_range */, 3u, ~0u, 2u /* CLOSE_RANGE_UNSHARE */);
}

struct clibpq_request {
    PGcancel *cancel;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int is_done;
};

static inline void *clibpq_run_request(void *argument) {
    struct clibpq_request *request = (struct clibpq_request *)argument;
    char text[256];
    (void)PQcancel(request->cancel, text, sizeof text);
    pthread_mutex_lock(&request->lock);
    request->is_done = 1;
    pthread_cond_signal(&request->changed);
    pthread_mutex_unlock(&request->lock);
    return NULL;
}

/// PQcancel, which blocks and has no time limit of its own. At the limit its socket is shut down under it; it is found
/// because the calling thread has left the process's descriptors (`clibpq_leave_descriptors`), and thus has no other.
/// A limit of 0 milliseconds means none.
static inline void clibpq_cancel(PGcancel *cancel, int milliseconds) {
    struct clibpq_request request = {.cancel = cancel, .is_done = 0};
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_condattr_t clock;
    struct timespec end;
    char text[256];
    int is_started;
    pthread_mutex_init(&request.lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&request.changed, &clock);
    pthread_condattr_destroy(&clock);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 << 10);
    // The new thread shares the table of the one that makes it.
    is_started = milliseconds > 0 && pthread_create(&thread, &attributes, clibpq_run_request, &request) == 0;
    pthread_attr_destroy(&attributes);
    if (!is_started) {
        (void)PQcancel(cancel, text, sizeof text);
    } else {
        clock_gettime(CLOCK_MONOTONIC, &end);
        end.tv_sec += milliseconds / 1000;
        end.tv_nsec += (long)(milliseconds % 1000) * 1000000;
        if (end.tv_nsec >= 1000000000) { end.tv_sec += 1; end.tv_nsec -= 1000000000; }
        pthread_mutex_lock(&request.lock);
        while (!request.is_done) {
            if (pthread_cond_timedwait(&request.changed, &request.lock, &end) == 0) continue;
            if (request.is_done) break;
            for (int fd = 3; fd < 16; fd += 1) (void)shutdown(fd, SHUT_RDWR);
            // Not at once if it was just about to open its socket: then again.
            clock_gettime(CLOCK_MONOTONIC, &end);
            end.tv_nsec += 50000000;
            if (end.tv_nsec >= 1000000000) { end.tv_sec += 1; end.tv_nsec -= 1000000000; }
        }
        pthread_mutex_unlock(&request.lock);
        pthread_join(thread, NULL);
    }
    pthread_cond_destroy(&request.changed);
    pthread_mutex_destroy(&request.lock);
}

#endif
