/* prefork.c
 * Loaded into tshark or sharkd by LD_PRELOAD: once Wireshark's library has registered all protocols, which takes nine
 * tenths of a run over a small capture, the program waits for requests, and a copy of it (fork) runs each with the
 * request's arguments and open files. See prefork.py.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE /* NOLINT: RTLD_NEXT wants it */
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A request: the folder to run in, the capture, then the arguments, each ended by a 0; and the files that become its
 * standard input, output and error output. */
#define MAX_REQUEST 65536
#define FILES 3

/* With as many registers as the platform's calling convention has for arguments, whatever the series declares. */
#define EXPORTED __attribute__((visibility("default")))
typedef long (*any_function_t)(long, long, long, long, long, long);

static int num_arguments;
static char **arguments;     /* those of main() */
static const char *stand_in; /* what the arguments name in place of a capture */
static char request[MAX_REQUEST];
static const char *capture;

__attribute__((constructor)) static void keep_arguments(int argc, char **argv)
{
    num_arguments = argc;
    arguments = argv;
    stand_in = getenv("PORTLORE_PREFORK_CAPTURE");
}

static any_function_t find_function(const char *name)
{
    any_function_t function;
    void *symbol = dlsym(RTLD_NEXT, name);

    if (symbol == NULL) {
        abort();
    }
    memcpy(&function, &symbol, sizeof function);
    return function;
}

/* Receives a request and returns its length. Ends the program when the tests have closed the connection. */
static size_t receive(int connection, int files[FILES])
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int) * FILES)];
    } control;
    struct iovec octets = { request, sizeof request - 1 };
    struct msghdr message = {
        .msg_iov = &octets, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room
    };
    const ssize_t length = recvmsg(connection, &message, 0);

    if (length <= 0 || message.msg_flags & MSG_TRUNC || CMSG_FIRSTHDR(&message) == NULL) {
        _exit(0);
    }
    memcpy(files, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int) * FILES);
    request[length] = 0;
    return (size_t)length;
}

/* The request's arguments stand at the end of main()'s; those before stay as they are. */
static void use_request(size_t length, const int files[FILES])
{
    const char *folder = request;
    char *word = request + strlen(request) + 1;
    int count = 0;

    capture = word;
    word += strlen(word) + 1;
    for (const char *each = word; each < request + length; each += strlen(each) + 1) {
        count++;
    }
    for (int i = num_arguments - count; i < num_arguments && i > 0; i++) {
        arguments[i] = word;
        word += strlen(word) + 1;
    }
    for (int i = 0; i < FILES; i++) {
        dup2(files[i], i);
        close(files[i]);
    }
    if (chdir(folder) != 0) {
        _exit(127);
    }
}

static void serve(int connection)
{
    /* sharkd would not learn how its children end. */
    void (*const on_child)(int) = signal(SIGCHLD, SIG_DFL);

    for (;;) {
        int files[FILES];
        const size_t length = receive(connection, files);
        const pid_t pid = fork();
        if (pid == 0) {
            signal(SIGCHLD, on_child);
            use_request(length, files);
            close(connection);
            return;
        }
        int status = 0;
        for (int i = 0; i < FILES; i++) {
            close(files[i]);
        }
        if (pid < 0 || send(connection, &pid, sizeof pid, 0) < 0 || waitpid(pid, &status, 0) < 0 ||
            send(connection, &status, sizeof status, 0) < 0) {
            _exit(1);
        }
    }
}

EXPORTED long epan_init(long a, long b, long c, long d, long e, long f)
{
    const char *connection = getenv("PORTLORE_PREFORK");
    const long result = find_function("epan_init")(a, b, c, d, e, f);

    if (connection != NULL) {
        unsetenv("LD_PRELOAD");
        serve((int)strtol(connection, NULL, 10));
    }
    return result;
}

EXPORTED long wtap_open_offline(long filename, long b, long c, long d, long e, long f)
{
    if (stand_in != NULL && capture != NULL &&
        strcmp((const char *)filename, stand_in) == 0) { /* NOLINT(performance-no-int-to-ptr) */
        filename = (long)capture;
    }
    return find_function("wtap_open_offline")(filename, b, c, d, e, f);
}
