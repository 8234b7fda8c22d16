/* A disk whose every sync takes NOROSHI_SYNC_MILLIS longer than the one of this machine (preloaded, for measurements). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

static void wait_for_the_disk(void) {
    const char *millis = getenv("NOROSHI_SYNC_MILLIS");
    long wanted = millis ? atol(millis) : 0;
    struct timespec rest = {.tv_sec = wanted / 1000, .tv_nsec = wanted % 1000 * 1000000};
    while (nanosleep(&rest, &rest) == -1 && errno == EINTR) {
    }
}

int fsync(int file) {
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_for_the_disk();
    return next(file);
}

int fdatasync(int file) {
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_for_the_disk();
    return next(file);
}
