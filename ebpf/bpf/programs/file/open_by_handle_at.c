// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * open_by_handle_at(2).
 * Exit: 1 fd, 2 mountfd, 3 flags, 4 path, 5 dev, 6 ino.
 *
 * The caller gives a handle, so the path is rebuilt from the opened file.
 */

SYSCALL_EXIT(SYSCALL_OPEN_BY_HANDLE_AT_X)
{
	struct opened opened = opened_file(RET);

	store_s64(ev, RET);
	store_dirfd(ev, ARG(0));
	store_u32(ev, open_flags(ARG(2)) | opened.flags);
	store_file_path(ev, SCRATCH_SYSCALL, RET > 0 ? file_of_fd(RET) : NULL);
	store_u32(ev, opened.dev);
	store_u64(ev, opened.ino);
}
