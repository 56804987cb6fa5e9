#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// CLONE_CLEAR_SIGHAND needs Linux 5.5 headers, and an argument of 64 bits.
#define CLEAR_SIGNAL_HANDLERS 0x100000000ULL

struct child {
    struct swiftlet_spawn_spec *spec;
    pid_t parent;
    volatile int failure;
    volatile int step;
};

// The kernel's sigaction, which is not the C library's.
struct kernel_sigaction {
    void *handler;
    unsigned long flags;
    void *restorer;
    unsigned long mask;
};

static void fail(struct child *child, int step) {
    child->failure = errno == 0 ? EINVAL : errno;
    child->step = step;
    syscall(SYS_exit_group, 127);
}

// Runs in the child on a stack of its own, in the parent's memory, while the calling thread waits.
static int run_child(void *argument) {
    struct child *child = argument;
    struct swiftlet_spawn_spec *spec = child->spec;

    // Ignored signals survive both the clone and the exec, so each is set to its default.
    struct kernel_sigaction standard;
    memset(&standard, 0, sizeof standard);
    for (int number = 1; number <= 64; number++) {
        if (number == SIGKILL || number == SIGSTOP) { continue; }
        syscall(SYS_rt_sigaction, number, &standard, NULL, sizeof standard.mask);
    }

    if (syscall(SYS_setsid) < 0) { fail(child, swiftlet_step_parent); }
    if (syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) { fail(child, swiftlet_step_parent); }
    // A parent that ended before the line above sends no signal any more.
    if (syscall(SYS_getppid) != child->parent) {
        errno = ESRCH;
        fail(child, swiftlet_step_parent);
    }

    // A source that is itself between 0 and 3 would be overwritten, so all move above first.
    int sources[4] = {spec->input, spec->output, spec->error, spec->socket};
    for (int target = 0; target < 4; target++) {
        if (sources[target] > 3) { continue; }
        sources[target] = (int)syscall(SYS_fcntl, sources[target], F_DUPFD, 4);
        if (sources[target] < 0) { fail(child, swiftlet_step_descriptors); }
    }
    for (int target = 0; target < 4; target++) {
        if (syscall(SYS_dup3, sources[target], target, 0) < 0) { fail(child, swiftlet_step_descriptors); }
    }
    if (syscall(SYS_close_range, 4, ~0U, 0) < 0) { fail(child, swiftlet_step_descriptors); }

    if (spec->files > 0) {
        // A limit may be lowered by anybody and raised by few: where the parent's own is lower, that one holds.
        struct rlimit files;
        if (syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &files) < 0) { fail(child, swiftlet_step_limits); }
        if (spec->files < files.rlim_max) { files.rlim_max = spec->files; }
        files.rlim_cur = files.rlim_max;
        if (syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &files, NULL) < 0) { fail(child, swiftlet_step_limits); }
    }
    struct rlimit core = {0, 0};
    if (syscall(SYS_prlimit64, 0, RLIMIT_CORE, &core, NULL) < 0) { fail(child, swiftlet_step_limits); }
    syscall(SYS_umask, 077);
    if (spec->directory != NULL && syscall(SYS_chdir, spec->directory) < 0) {
        fail(child, swiftlet_step_directory);
    }
    if (syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) { fail(child, swiftlet_step_privileges); }

    unsigned long none = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
    syscall(SYS_execve, spec->path, spec->arguments, spec->environment);
    fail(child, swiftlet_step_execute);
    return 127;
}

// clone3 has no wrapper in the C library: the child must never return into the parent's frame, so it calls
// `entry` on its own stack and exits.
static long clone3_and_call(struct clone_args *arguments, int (*entry)(void *), void *value) {
#if defined(__x86_64__)
    register long result __asm__("rax") = SYS_clone3;
    register void *first __asm__("rdi") = arguments;
    register long second __asm__("rsi") = sizeof *arguments;
    register int (*call)(void *) __asm__("r8") = entry;
    register void *pass __asm__("r9") = value;
    __asm__ volatile(
        "syscall\n\t"
        "testq %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "movq %%r9, %%rdi\n\t"
        "callq *%%r8\n\t"
        "movl %%eax, %%edi\n\t"
        "movl $231, %%eax\n\t"
        "syscall\n\t"
        "hlt\n\t"
        "1:\n\t"
        : "+r"(result), "+r"(first), "+r"(second), "+r"(call), "+r"(pass)
        :
        : "rcx", "r11", "rdx", "r10", "memory", "cc");
    return result;
#elif defined(__aarch64__)
    register long number __asm__("x8") = SYS_clone3;
    register long result __asm__("x0") = (long)arguments;
    register long second __asm__("x1") = sizeof *arguments;
    register int (*call)(void *) __asm__("x9") = entry;
    register void *pass __asm__("x10") = value;
    __asm__ volatile(
        "svc #0\n\t"
        "cbnz x0, 1f\n\t"
        "mov x0, x10\n\t"
        "blr x9\n\t"
        "mov x8, #94\n\t"
        "svc #0\n\t"
        "1:\n\t"
        : "+r"(result), "+r"(number), "+r"(second), "+r"(call), "+r"(pass)
        :
        : "memory", "cc");
    return result;
#else
    (void)arguments;
    (void)entry;
    (void)value;
    return -ENOSYS;
#endif
}

static long clone_child(struct child *child, void *stack, size_t size, int *pidfd) {
    struct clone_args arguments;
    memset(&arguments, 0, sizeof arguments);
    arguments.flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | CLEAR_SIGNAL_HANDLERS;
    arguments.pidfd = (uint64_t)(uintptr_t)pidfd;
    arguments.exit_signal = SIGCHLD;
    arguments.stack = (uint64_t)(uintptr_t)stack;
    arguments.stack_size = size;
    long pid = clone3_and_call(&arguments, run_child, child);
    if (pid != -ENOSYS && pid != -EINVAL && pid != -EPERM) { return pid; }
    // Older kernels, and containers whose filter refuses clone3 because it cannot look into its arguments.
    int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
    int made = clone(run_child, (char *)stack + size, flags, child, pidfd);
    return made < 0 ? -errno : made;
}

int swiftlet_spawn(struct swiftlet_spawn_spec *spec, pid_t *pid, int *pidfd) {
    const size_t size = 64 * 1024;
    *pid = -1;
    *pidfd = -1;
    spec->failed_step = swiftlet_step_clone;
    void *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) { return -errno; }

    struct child child = {spec, getpid(), 0, swiftlet_step_none};
    // No handler of the parent's may run in the child, which has the parent's memory.
    sigset_t every, before;
    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    int descriptor = -1;
    long made = clone_child(&child, stack, size, &descriptor);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    munmap(stack, size);
    if (made < 0) { return (int)made; }

    if (child.failure != 0) {
        // It never executed: reap it here, so that the caller sees no process at all.
        siginfo_t info;
        while (waitid(P_PID, (id_t)made, &info, WEXITED | __WALL) < 0 && errno == EINTR) {}
        close(descriptor);
        spec->failed_step = child.step;
        return -child.failure;
    }
    spec->failed_step = swiftlet_step_none;
    *pid = (pid_t)made;
    *pidfd = descriptor;
    return 0;
}

int swiftlet_socket_pair(int *parent, int *child) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0) { return -errno; }
    // Room for what a link with many streams writes at once, so that this is one call: twice the usual, and no more than
    // every system allows.
    int room = 208 * 1024;
    for (int end = 0; end < 2; end++) { setsockopt(ends[end], SOL_SOCKET, SO_SNDBUF, &room, sizeof room); }
    *parent = ends[0];
    *child = ends[1];
    return 0;
}

int swiftlet_shared_memory(size_t size, int *descriptor, void **memory) {
    int made = memfd_create("swiftlet-bodies", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (made < 0) { return -errno; }
    void *place = MAP_FAILED;
    if (ftruncate(made, (off_t)size) == 0) {
        place = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, made, 0);
    }
    // From here on nobody can change its size, whatever the child does with the descriptor: what is mapped stays there.
    if (place == MAP_FAILED || fcntl(made, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0) {
        int failure = errno;
        if (place != MAP_FAILED) { munmap(place, size); }
        close(made);
        return -failure;
    }
    *descriptor = made;
    *memory = place;
    return 0;
}

ssize_t swiftlet_hand_over(int socket, const void *bytes, size_t count, int descriptor) {
    struct iovec vector = {(void *)bytes, count};
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr alignment;
    } control;
    memset(&control, 0, sizeof control);
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.space};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof descriptor);
    memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
    ssize_t sent;
    do {
        sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

int swiftlet_pipe(int *reader, int *writer) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) { return -errno; }
    int flags = fcntl(ends[0], F_GETFL);
    if (flags < 0 || fcntl(ends[0], F_SETFL, flags | O_NONBLOCK) < 0) {
        int failure = errno;
        close(ends[0]);
        close(ends[1]);
        return -failure;
    }
    *reader = ends[0];
    *writer = ends[1];
    return 0;
}
