/* A disk that is full while a file says so: every write below one folder answers "no space left on device".
 *
 * NOROSHI_FULL_DISK_WATCH  the folder
 * NOROSHI_FULL_DISK_WHILE  the file; the disk is full as long as it exists
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static int refused(int descriptor)
{
    const char *watch = getenv("NOROSHI_FULL_DISK_WATCH");
    const char *file = getenv("NOROSHI_FULL_DISK_WHILE");
    if (watch == NULL || file == NULL || access(file, F_OK) != 0)
        return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = '\0';
    return strncmp(path, watch, strlen(watch)) == 0;
}

#define FULL(name, parameters, ...)                                        \
    ssize_t name parameters                                                \
    {                                                                      \
        static ssize_t(*real) parameters;                                  \
        if (real == NULL)                                                  \
            real = (ssize_t(*) parameters)dlsym(RTLD_NEXT, #name);         \
        if (refused(descriptor)) {                                         \
            errno = ENOSPC;                                                \
            return -1;                                                     \
        }                                                                  \
        return real(__VA_ARGS__);                                          \
    }

FULL(write, (int descriptor, const void *bytes, size_t count), descriptor, bytes, count)
FULL(pwrite, (int descriptor, const void *bytes, size_t count, off_t at), descriptor, bytes, count, at)
FULL(pwrite64, (int descriptor, const void *bytes, size_t count, off64_t at), descriptor, bytes, count, at)
FULL(writev, (int descriptor, const struct iovec *parts, int count), descriptor, parts, count)
