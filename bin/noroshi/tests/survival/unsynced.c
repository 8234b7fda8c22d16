/*
 * A file system that forgets what was not synced, for tests of power loss.
 *
 * Preloaded into a program (LD_PRELOAD), it keeps a second copy of what the program made durable below a
 * folder: the content of a file as it was at its last fsync or fdatasync, and the names in a folder as they were at
 * the last fsync of that folder. Nothing else survives. A file system may keep more; POSIX does not promise it.
 *
 *   NOROSHI_UNSYNCED_WATCH   the folder that the program writes to; absolute, without links
 *   NOROSHI_UNSYNCED_KEPT    where the copy goes: one entry per inode
 *   NOROSHI_UNSYNCED_DROP    syncs of paths with this in them are lost (to show that the tests notice)
 *
 * Entries: `<inode>-<birth>.file` holds a content; `<inode>-<birth>.folder` holds lines `f|d <inode>-<birth> <name>`.
 * The birth time tells a new file from an old one that had the same inode number. Each entry is written beside its
 * place and renamed, so that killing the program leaves whole entries.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static void die(const char *what) {
    fprintf(stderr, "unsynced: %s: %s\n", what, strerror(errno));
    abort();
}

/* Path of an open file when it lies below the watched folder, else 0. */
static int watched(int fd, char *path) {
    const char *folder = getenv("NOROSHI_UNSYNCED_WATCH");
    char link[64];
    ssize_t length;
    size_t front;
    if (folder == NULL)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, PATH_MAX - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    front = strlen(folder);
    return strncmp(path, folder, front) == 0 && (path[front] == '/' || path[front] == 0);
}

/* `<inode>-<birth>` of a file, looked up from an open folder or, with an empty name, from the file itself. */
static void key_of(int fd, const char *name, char *key, size_t size, int *is_folder) {
    struct statx facts;
    int flags = AT_SYMLINK_NOFOLLOW | (*name == 0 ? AT_EMPTY_PATH : 0);
    if (statx(fd, name, flags, STATX_INO | STATX_BTIME | STATX_TYPE, &facts) != 0) {
        *key = 0;
        return;
    }
    if ((facts.stx_mask & STATX_BTIME) == 0) {
        errno = ENOTSUP;
        die("the file system has no birth times");
    }
    snprintf(key, size, "%llu-%lld%09u", (unsigned long long)facts.stx_ino,
             (long long)facts.stx_btime.tv_sec, facts.stx_btime.tv_nsec);
    *is_folder = S_ISDIR(facts.stx_mode);
}

static void copy_file(int from, FILE *to) {
    static char buffer[1 << 16];
    off_t offset = 0;
    for (;;) {
        ssize_t got = pread(from, buffer, sizeof buffer, offset);
        if (got < 0)
            die("read");
        if (got == 0)
            return;
        if (fwrite(buffer, 1, (size_t)got, to) != (size_t)got)
            die("copy");
        offset += got;
    }
}

static void list_folder(int fd, FILE *to) {
    int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = again < 0 ? NULL : fdopendir(again);
    struct dirent *entry;
    if (folder == NULL)
        die("list");
    while ((entry = readdir(folder)) != NULL) {
        char key[96];
        int is_folder = 0;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        key_of(fd, entry->d_name, key, sizeof key, &is_folder);
        if (*key != 0)
            fprintf(to, "%c %s %s\n", is_folder ? 'd' : 'f', key, entry->d_name);
    }
    closedir(folder);
}

static void keep(int fd) {
    const char *kept = getenv("NOROSHI_UNSYNCED_KEPT");
    char key[96], place[PATH_MAX], beside[PATH_MAX];
    int is_folder = 0, from;
    char link[64];
    FILE *to;
    key_of(fd, "", key, sizeof key, &is_folder);
    if (kept == NULL || *key == 0)
        die("nothing to keep in");
    snprintf(place, sizeof place, "%s/%s.%s", kept, key, is_folder ? "folder" : "file");
    snprintf(beside, sizeof beside, "%s/%s.half", kept, key);
    to = fopen(beside, "we");
    if (to == NULL)
        die("keep");
    if (is_folder) {
        list_folder(fd, to);
    } else {
        /* A file opened for writing only is read through a second descriptor. */
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        from = open(link, O_RDONLY | O_CLOEXEC);
        if (from < 0)
            die("open again");
        copy_file(from, to);
        close(from);
    }
    if (fclose(to) != 0 || rename(beside, place) != 0)
        die("keep");
}

static int synced(int fd, const char *name) {
    char path[PATH_MAX];
    if (!watched(fd, path)) {
        int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
        return real(fd);
    }
    const char *drop = getenv("NOROSHI_UNSYNCED_DROP");
    if (drop != NULL && *drop != 0 && strstr(path, drop) != NULL)
        return 0;
    pthread_mutex_lock(&one_at_a_time);
    keep(fd);
    pthread_mutex_unlock(&one_at_a_time);
    return 0;
}

int fsync(int fd) { return synced(fd, "fsync"); }

int fdatasync(int fd) { return synced(fd, "fdatasync"); }
