// libpq, PostgreSQL's own client library, and two calls of the system that its user needs.
#ifndef CLIBPQ_SHIM_H
#define CLIBPQ_SHIM_H

#include <errno.h>
#include <poll.h>
#include <libpq-fe.h>

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

#endif
