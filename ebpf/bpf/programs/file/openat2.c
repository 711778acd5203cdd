// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * openat2(2).
 * Enter: 1 dirfd, 2 name, 3 flags, 4 mode, 5 resolve.
 * Exit: 1 fd, 2 dirfd, 3 name, 4 flags, 5 mode, 6 resolve, 7 dev, 8 ino.
 */

/* struct open_how, include/uapi/linux/openat2.h. */
struct user_open_how {
	u64 flags;
	u64 mode;
	u64 resolve;
};

SYSCALL_ENTER(SYSCALL_OPENAT2_E)
{
	struct user_open_how how = {};

	bpf_probe_read_user(&how, sizeof(how), (void *)ARG(2));
	store_dirfd(ev, ARG(0));
	store_user_path(ev, ARG(1));
	store_u32(ev, open_flags(how.flags));
	store_u32(ev, open_mode(how.flags, how.mode));
	store_u32(ev, openat2_resolve(how.resolve));
}

SYSCALL_EXIT(SYSCALL_OPENAT2_X)
{
	struct opened opened = opened_file(RET);
	struct user_open_how how = {};

	bpf_probe_read_user(&how, sizeof(how), (void *)ARG(2));
	store_s64(ev, RET);
	store_dirfd(ev, ARG(0));
	store_user_path(ev, ARG(1));
	store_u32(ev, open_flags(how.flags) | opened.flags);
	store_u32(ev, open_mode(how.flags, how.mode));
	store_u32(ev, openat2_resolve(how.resolve));
	store_u32(ev, opened.dev);
	store_u64(ev, opened.ino);
}
