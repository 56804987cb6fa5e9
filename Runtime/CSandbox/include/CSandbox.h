// Starting a worker process: one call that clones, prepares the child and executes its program.
//
// Between the clone and the exec the child shares the parent's memory, so it makes raw system calls only:
// no lock, no allocation, nothing of the C library that has state.
#ifndef CSANDBOX_H
#define CSANDBOX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What a worker is started with. Every pointer is the caller's and only read.
struct swiftlet_spawn_spec {
    /// The program's path; not searched for.
    const char *path;
    /// The arguments, ended by a null pointer.
    char *const *arguments;
    /// The whole environment, `NAME=value`, ended by a null pointer.
    char *const *environment;
    /// The working directory; null stays where the parent is.
    const char *directory;
    /// What becomes descriptor 0.
    int input;
    /// What becomes descriptor 1.
    int output;
    /// What becomes descriptor 2.
    int error;
    /// What becomes descriptor 3: the socket to the parent.
    int socket;
    /// Open descriptors at most (RLIMIT_NOFILE); 0 leaves the parent's limit.
    uint64_t files;
    /// Where the child failed, set on return: one of the steps below.
    int failed_step;
};

/// Nothing failed.
static const int swiftlet_step_none = 0;
/// The clone itself.
static const int swiftlet_step_clone = 1;
/// The session, the parent-death signal or the check that the parent still lives.
static const int swiftlet_step_parent = 2;
/// Placing or closing descriptors.
static const int swiftlet_step_descriptors = 3;
/// Resource limits.
static const int swiftlet_step_limits = 4;
/// The working directory.
static const int swiftlet_step_directory = 5;
/// No-new-privileges.
static const int swiftlet_step_privileges = 6;
/// Executing the program.
static const int swiftlet_step_execute = 7;

/// Starts a process: a session of its own, descriptors 0 to 3 and no other, this environment and no other, signals at
/// their defaults, umask 077, no core dumps, no new privileges, and SIGKILL when the calling THREAD ends.
///
/// Returns 0 once the program is executing, with its pid and a close-on-exec pidfd; else the negative errno and
/// `failed_step`, and then there is neither process nor descriptor. The caller keeps its own descriptors.
int swiftlet_spawn(struct swiftlet_spawn_spec *spec, pid_t *pid, int *pidfd);

/// A connected pair of Unix stream sockets, both non-blocking and close-on-exec. 0 or the negative errno.
int swiftlet_socket_pair(int *parent, int *child);

/// Memory to share with a child: a close-on-exec descriptor to hand over, sealed against another size, and where it is mapped
/// here. 0 or the negative errno; undone by `munmap` and `close`.
int swiftlet_shared_memory(size_t size, int *descriptor, void **memory);

/// Sends bytes and with the first of them a copy of `descriptor` (SCM_RIGHTS, unix(7)). How many bytes the socket took, or the
/// negative errno.
ssize_t swiftlet_hand_over(int socket, const void *bytes, size_t count, int descriptor);

/// A pipe, close-on-exec, whose reading end does not block. 0 or the negative errno.
int swiftlet_pipe(int *reader, int *writer);

#endif
