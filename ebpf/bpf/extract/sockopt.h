/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* Store the value of a socket option. */
#pragma once

/* include/uapi/asm-generic/socket.h: options of SOL_SOCKET that do not hold an int. */
#define SOL_SOCKET 1
#define SO_ERROR 4
#define SO_LINGER 13
#define SO_PASSCRED 16
#define SO_PEERCRED 17
#define SO_RCVTIMEO 20
#define SO_SNDTIMEO 21
#define SO_BINDTODEVICE 25
#define SO_ATTACH_FILTER 26
#define SO_PEERNAME 28
#define SO_PEERSEC 31
#define SO_ATTACH_BPF 50
#define SO_ATTACH_REUSEPORT_CBPF 51
#define SO_ATTACH_REUSEPORT_EBPF 52
#define SO_MEMINFO 55
#define SO_COOKIE 57
#define SO_PEERGROUPS 59
#define SO_RCVTIMEO_NEW 66
#define SO_SNDTIMEO_NEW 67

/* Alternatives of the dynamic parameter. */
#define SOCKOPT_BYTES 0
#define SOCKOPT_ERRNO 1
#define SOCKOPT_U32 2
#define SOCKOPT_U64 3
#define SOCKOPT_TIME 4

static __always_inline u8 sockopt_kind(u32 level, u32 option)
{
	if (level != SOL_SOCKET)
		return SOCKOPT_BYTES;
	switch (option) {
	case SO_ERROR:
		return SOCKOPT_ERRNO;
	case SO_RCVTIMEO:
	case SO_SNDTIMEO:
	case SO_RCVTIMEO_NEW:
	case SO_SNDTIMEO_NEW:
		return SOCKOPT_TIME;
	case SO_COOKIE:
		return SOCKOPT_U64;
	case SO_LINGER:
	case SO_PEERCRED:
	case SO_BINDTODEVICE:
	case SO_ATTACH_FILTER:
	case SO_PEERNAME:
	case SO_PEERSEC:
	case SO_ATTACH_BPF:
	case SO_ATTACH_REUSEPORT_CBPF:
	case SO_ATTACH_REUSEPORT_EBPF:
	case SO_MEMINFO:
	case SO_PEERGROUPS:
		return SOCKOPT_BYTES;
	}
	return option <= SO_SNDTIMEO_NEW ? SOCKOPT_U32 : SOCKOPT_BYTES;
}

/* Appends selector and value, `size` bytes of it. */
static __always_inline void store_dynamic(struct event *ev, u8 selector, const void *value, u32 size)
{
	APPEND(ev, selector);
	append(ev, value, size);
	store_length(ev, 1 + size);
}

static __always_inline void store_sockopt(struct event *ev, const struct call *call, u64 address,
					  u64 len)
{
	u8 kind = sockopt_kind(ARG(1), ARG(2));
	u64 number = 0;
	s64 error = 0;
	u32 word = 0;

	switch (kind) {
	case SOCKOPT_ERRNO:
		bpf_probe_read_user(&word, sizeof(word), (void *)address);
		error = -(s64)(s32)word;
		store_dynamic(ev, kind, &error, sizeof(error));
		break;
	case SOCKOPT_U32:
		bpf_probe_read_user(&word, sizeof(word), (void *)address);
		store_dynamic(ev, kind, &word, sizeof(word));
		break;
	case SOCKOPT_U64:
		bpf_probe_read_user(&number, sizeof(number), (void *)address);
		store_dynamic(ev, kind, &number, sizeof(number));
		break;
	case SOCKOPT_TIME:
		number = read_timeval_ns(address, call->compat && (u32)ARG(2) < SO_RCVTIMEO_NEW);
		store_dynamic(ev, kind, &number, sizeof(number));
		break;
	default:
		APPEND(ev, kind);
		CLAMP(len, PATH_MAX);
		if (!len || bpf_probe_read_user(value_slot(ev), len, (void *)address))
			len = 0;
		advance(ev, len);
		store_length(ev, 1 + len);
	}
	advance(ev, 0);
}
