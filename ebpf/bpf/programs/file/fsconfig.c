// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * fsconfig(2).
 * Exit: 1 res, 2 fd, 3 cmd, 4 key, 5 value_bytebuf, 6 value_charbuf, 7 aux.
 */

SYSCALL_EXIT(SYSCALL_FSCONFIG_X)
{
	u32 cmd = ARG(1);

	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u32(ev, cmd);
	store_user_path(ev, ARG(2));
	if (RET == 0 && cmd == FSCONFIG_CMDS__FSCONFIG_SET_BINARY)
		store_user_bytes(ev, ARG(3), (u32)ARG(4));
	else
		store_empty(ev);
	if (RET == 0 && (cmd == FSCONFIG_CMDS__FSCONFIG_SET_STRING ||
			 cmd == FSCONFIG_CMDS__FSCONFIG_SET_PATH ||
			 cmd == FSCONFIG_CMDS__FSCONFIG_SET_PATH_EMPTY))
		store_user_path(ev, ARG(3));
	else
		store_empty(ev);
	store_s32(ev, ARG(4));
}
