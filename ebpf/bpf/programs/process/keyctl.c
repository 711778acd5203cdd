// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * keyctl(2).
 * Exit: 1 res, 2 operation, 3 arg2, 4 arg3, 5 arg4, 6 arg5.
 *
 * What the arguments are depends on the operation, see keyctl(2).
 */

/* One digit per argument, arg2 first: 0 unused, 1 number, 2 text. */
#define KEYCTL_ARGS(a, b, c, d) ((a) | (b) << 2 | (c) << 4 | (d) << 6)

/* include/uapi/linux/keyctl.h numbers the operations from 0. */
static __always_inline u32 keyctl_args(u32 operation)
{
	switch (operation) {
	case 1: /* JOIN_SESSION_KEYRING */
		return KEYCTL_ARGS(2, 0, 0, 0);
	case 3: /* REVOKE */
	case 7: /* CLEAR */
	case 14: /* SET_REQKEY_KEYRING */
	case 16: /* ASSUME_AUTHORITY */
	case 21: /* INVALIDATE */
		return KEYCTL_ARGS(1, 0, 0, 0);
	case 0: /* GET_KEYRING_ID */
	case 5: /* SETPERM */
	case 8: /* LINK */
	case 9: /* UNLINK */
	case 15: /* SET_TIMEOUT */
	case 22: /* GET_PERSISTENT */
	case 31: /* CAPABILITIES */
		return KEYCTL_ARGS(1, 1, 0, 0);
	case 2: /* UPDATE */
	case 4: /* CHOWN */
	case 6: /* DESCRIBE */
	case 11: /* READ */
	case 13: /* NEGATE */
	case 17: /* GET_SECURITY */
	case 32: /* WATCH_KEY */
		return KEYCTL_ARGS(1, 1, 1, 0);
	case 29: /* RESTRICT_KEYRING */
		return KEYCTL_ARGS(1, 2, 2, 0);
	case 24: /* PKEY_QUERY */
		return KEYCTL_ARGS(1, 1, 2, 0);
	case 10: /* SEARCH */
		return KEYCTL_ARGS(1, 2, 2, 1);
	case 25: /* PKEY_ENCRYPT */
	case 26: /* PKEY_DECRYPT */
	case 27: /* PKEY_SIGN */
	case 28: /* PKEY_VERIFY */
		return KEYCTL_ARGS(1, 1, 2, 1);
	case 12: /* INSTANTIATE */
	case 19: /* REJECT */
	case 20: /* INSTANTIATE_IOV */
	case 23: /* DH_COMPUTE */
	case 30: /* MOVE */
		return KEYCTL_ARGS(1, 1, 1, 1);
	}
	return 0;
}

/* Alternatives of the dynamic parameters. */
#define KEYCTL_NUMBER 0
#define KEYCTL_TEXT 1

static __always_inline void store_keyctl_arg(struct event *ev, u32 kind, u64 value)
{
	u64 number = kind == 1 ? value : 0;
	u8 selector = KEYCTL_TEXT;
	s64 result;
	u64 len;

	if (kind != 2) {
		store_dynamic(ev, KEYCTL_NUMBER, &number, sizeof(number));
		advance(ev, 0);
		return;
	}
	APPEND(ev, selector);
	result = bpf_probe_read_user_str(value_slot(ev), PATH_MAX, (void *)value);
	len = result > 0 ? result : 0;
	CLAMP(len, PATH_MAX);
	advance(ev, len);
	store_length(ev, 1 + len);
}

SYSCALL_EXIT(SYSCALL_KEYCTL_X)
{
	u32 kinds = keyctl_args(ARG(0));

	store_s64(ev, RET);
	store_u32(ev, ARG(0));
	store_keyctl_arg(ev, kinds & 3, ARG(1));
	store_keyctl_arg(ev, kinds >> 2 & 3, ARG(2));
	store_keyctl_arg(ev, kinds >> 4 & 3, ARG(3));
	store_keyctl_arg(ev, kinds >> 6 & 3, ARG(4));
}
