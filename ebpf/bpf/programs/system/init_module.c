// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * init_module(2).
 * Exit: 1 res, 2 img, 3 length, 4 uargs.
 *
 * The image is cut to 16 bits of its length.
 */

SYSCALL_EXIT(SYSCALL_INIT_MODULE_X)
{
	store_s64(ev, RET);
	store_user_bytes(ev, ARG(0), (u16)ARG(1));
	store_u64(ev, ARG(1));
	store_user_path(ev, ARG(2));
}
