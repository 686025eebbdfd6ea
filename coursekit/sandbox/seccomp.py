"""A filter in the kernel for the system calls that an answer is refused (seccomp; Linux on x86-64 and 64-bit ARM).

A refused call fails with EPERM and does not end the process, so that Python raises an error that can be read. What is not
known here (a call of a later kernel, another way to number the calls) fails with ENOSYS.
"""

from __future__ import annotations

import ctypes
import errno
import struct

from coursekit.sandbox import kernel

REFUSED = """
# other programs and processes
execve 59 221, execveat 322 281, fork 57 -, vfork 58 -
# other processes' memory and signals
ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271, process_madvise 440 440, kcmp 312 272, pidfd_open 434 434
pidfd_getfd 438 438, pidfd_send_signal 424 424, kill 62 129, tkill 200 130, rt_sigqueueinfo 129 138, rt_tgsigqueueinfo 297 240
migrate_pages 256 238, move_pages 279 239
# other processes' share of the machine
setpriority 141 140, ioprio_set 251 30, sched_setscheduler 144 119, sched_setparam 142 118, sched_setattr 314 274
sched_setaffinity 203 122, mbind 237 235, set_mempolicy 238 237
# sockets, and file descriptors through the one that is open
socket 41 198, socketpair 53 199, connect 42 203, bind 49 200, listen 50 201, accept 43 202, accept4 288 242, sendmsg 46 211
sendmmsg 307 269, recvmsg 47 212, recvmmsg 299 243
# another view of the files
mount 165 40, umount2 166 39, pivot_root 155 41, chroot 161 51, open_tree 428 428, move_mount 429 429, fsopen 430 430
fsconfig 431 431, fsmount 432 432, fspick 433 433, mount_setattr 442 442, unshare 272 97, setns 308 268
name_to_handle_at 303 264, open_by_handle_at 304 265, fanotify_init 300 262, statmount 457 457, listmount 458 458
# changes of files that need not be opened
chmod 90 -, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452, chown 92 -, fchown 93 55, lchown 94 -, fchownat 260 54
setxattr 188 5, lsetxattr 189 6, fsetxattr 190 7, removexattr 197 14, lremovexattr 198 15, fremovexattr 199 16, utime 132 -
utimes 235 -, futimesat 261 -, utimensat 280 88, truncate 76 45, link 86 -, linkat 265 37, symlink 88 -, symlinkat 266 36
rename 82 -, renameat 264 38, renameat2 316 276, unlink 87 -, unlinkat 263 35, mkdir 83 -, mkdirat 258 34, rmdir 84 -
mknod 133 -, mknodat 259 33, fallocate 285 47
# what would outlive the process
shmget 29 194, shmat 30 196, shmctl 31 195, semget 64 190, semop 65 193, semctl 66 191, semtimedop 220 192, msgget 68 186
msgsnd 69 189, msgrcv 70 188, msgctl 71 187, mq_open 240 180, mq_unlink 241 181, keyctl 250 219, add_key 248 217
request_key 249 218
# rare and large parts of the kernel
bpf 321 280, perf_event_open 298 241, userfaultfd 323 282, io_uring_setup 425 425, io_uring_enter 426 426
io_uring_register 427 427, memfd_create 319 279, memfd_secret 447 447, vmsplice 278 75, splice 275 76, tee 276 77
personality 135 92, lookup_dcookie 212 18, nfsservctl 180 42, uselib 134 -, iopl 172 -, ioperm 173 -, modify_ldt 154 -
# the machine itself
kexec_load 246 104, kexec_file_load 320 294, init_module 175 105, finit_module 313 273, delete_module 176 106, reboot 169 142
swapon 167 224, swapoff 168 225, acct 163 89, quotactl 179 60, quotactl_fd 443 443, syslog 103 116, vhangup 153 58
sethostname 170 161, setdomainname 171 162, settimeofday 164 170, clock_settime 227 112, adjtimex 159 171
clock_adjtime 305 266
"""  # name, number on x86-64, number on 64-bit ARM
NEWEST = 462  # the last number that was looked at: Linux 6.10
CLONE, CLONE3, PRLIMIT, TGKILL, FCNTL, IOCTL = {
    "x86_64": (56, 435, 302, 234, 72, 16), "aarch64": (220, 435, 261, 131, 25, 29),
}.get(kernel.MACHINE, (0,) * 6)  # fmt: skip
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CLONE_THREAD = 0x10000
LOAD, EQUAL, GREATER, ANY_BIT, RETURN = 0x20, 0x15, 0x25, 0x45, 0x06  # operations of the filter's machine
ALLOW, REFUSE, UNKNOWN = 0x7FFF0000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS
NUMBER, ARCH, FIRST_ARGUMENT, SECOND_ARGUMENT = 0, 4, 16, 24  # places in the data that a filter sees
SIGNALS = {  # commands that make a file descriptor send signals, to any process of the same user
    "fcntl": (8, 10, 15),  # F_SETOWN, F_SETSIG, F_SETOWN_EX
    "ioctl": (0x8901, 0x8902, 0x5452),  # FIOSETOWN, SIOCSPGRP, FIOASYNC
}
OWN = 0xFFFFFFFE  # stands for the process's own number
Step = tuple[int, int, int, int]  # operation, steps to skip if true, if false, value


def install(program: list[Step], own: int) -> None:
    """Filter the system calls of this process, whose number is `own`, from now on. Needs `no_new_privs`, or rights."""
    packed = [struct.pack("HBBI", *step[:3], own if step[3] == OWN else step[3]) for step in program]
    code = ctypes.create_string_buffer(b"".join(packed))
    kernel.prctl(kernel.SECCOMP, 2, struct.pack("HP", len(program), ctypes.addressof(code)))


def steps(machine: str) -> list[Step]:
    """The filter's program: the architecture, then what is refused whatever its arguments, then what depends on them."""
    column = {"x86_64": 1, "aarch64": 2}[machine]
    lines = [line for line in REFUSED.splitlines() if line and not line.startswith("#")]
    calls = [row.split()[column] for line in lines for row in line.split(",")]
    program = [(LOAD, 0, 0, ARCH), (EQUAL, 1, 0, ARCHITECTURE[machine]), (RETURN, 0, 0, UNKNOWN)]
    program += [(LOAD, 0, 0, NUMBER), (GREATER, 0, 1, NEWEST), (RETURN, 0, 0, UNKNOWN)]
    for number in sorted(int(call) for call in calls if call != "-"):
        program += [(EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE)]
    program += [(EQUAL, 0, 1, CLONE3), (RETURN, 0, 0, UNKNOWN)]  # the C library falls back to clone
    program += _only(CLONE, (ANY_BIT, CLONE_THREAD))  # a thread, and no process
    program += _only(TGKILL, (EQUAL, OWN))  # a signal to itself, as abort() sends one
    program += _only(PRLIMIT, (EQUAL, 0))  # its own limits
    program += _except(FCNTL, SIGNALS["fcntl"]) + _except(IOCTL, SIGNALS["ioctl"])
    return [*program, (RETURN, 0, 0, ALLOW)]


def _only(number: int, test: tuple[int, int]) -> list[Step]:
    """Allow a call only if the test holds for the lower half of its first argument."""
    load, check = (LOAD, 0, 0, FIRST_ARGUMENT), (test[0], 0, 1, test[1])
    return [(EQUAL, 0, 4, number), load, check, (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]


def _except(number: int, commands: tuple[int, ...]) -> list[Step]:
    """Allow a call unless the lower half of its second argument is one of the commands."""
    tests = [step for command in commands for step in ((EQUAL, 0, 1, command), (RETURN, 0, 0, REFUSE))]
    inside = [(LOAD, 0, 0, SECOND_ARGUMENT), *tests, (RETURN, 0, 0, ALLOW)]
    return [(EQUAL, 0, len(inside), number), *inside]
