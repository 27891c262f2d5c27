/* Loaded before the C library: a disk that fails while a file named after the failure exists in $SALTERN_FAILING. Pipes,
   sockets and events are no disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static int fails(const char *how) {
    const char *folder = getenv("SALTERN_FAILING");
    char path[4096];
    if (!folder) return 0;
    snprintf(path, sizeof path, "%s/%s", folder, how);
    return access(path, F_OK) == 0;
}

static int sync_or_fail(const char *name, int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    if (fails("sync")) { errno = EIO; return -1; }
    return real(file);
}

int fsync(int file) { return sync_or_fail("fsync", file); }
int fdatasync(int file) { return sync_or_fail("fdatasync", file); }

static int refused(int file) {
    struct stat what;
    if (fstat(file, &what) != 0 || !S_ISREG(what.st_mode)) return 0;
    if (fails("full")) { errno = ENOSPC; return 1; }
    if (fails("read_only")) { errno = EROFS; return 1; }
    return 0;
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    ssize_t (*real)(int, const void *, size_t, off64_t) =
        (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    return refused(file) ? -1 : real(file, bytes, count, at);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
    ssize_t (*real)(int, const void *, size_t, off_t) =
        (ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
    return refused(file) ? -1 : real(file, bytes, count, at);
}

ssize_t write(int file, const void *bytes, size_t count) {
    ssize_t (*real)(int, const void *, size_t) =
        (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    /* What a test says is said. */
    return file > 2 && refused(file) ? -1 : real(file, bytes, count);
}
