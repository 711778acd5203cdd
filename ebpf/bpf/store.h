/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* Store one parameter: its length into the length array, its bytes behind the values before it. */
#pragma once

/* Where the next value goes. The mask keeps every write inside the buffer, see RECORD_MASK. */
static __always_inline u8 *value_slot(struct event *ev)
{
	u64 at = ev->at;

	if (!__builtin_constant_p(at))
		OPAQUE(at);
	return ev->record + (at & RECORD_MASK);
}

static __always_inline void store_length(struct event *ev, u16 len)
{
	*(u16 *)(ev->record + RECORD_HEADER_SIZE + 2 * ev->param) = len;
	ev->param++;
}

/*
 * Moves the write position by a length known only at run time. The detour through memory makes
 * the verifier forget how the position came about; without it, loops over such values are walked
 * once for every combination of lengths.
 */
static __always_inline void advance(struct event *ev, u64 len)
{
	*(volatile u64 *)&ev->scratch->at = ev->at + len;
	ev->at = *(volatile u64 *)&ev->scratch->at;
}

#define DEFINE_STORE(name, type)                                                                   \
	static __always_inline void store_##name(struct event *ev, type value)                     \
	{                                                                                          \
		*(type *)value_slot(ev) = value;                                                   \
		ev->at += sizeof(type);                                                            \
		store_length(ev, sizeof(type));                                                    \
	}

DEFINE_STORE(u8, u8)
DEFINE_STORE(u16, u16)
DEFINE_STORE(s16, s16)
DEFINE_STORE(u32, u32)
DEFINE_STORE(s32, s32)
DEFINE_STORE(u64, u64)
DEFINE_STORE(s64, s64)

/* The value could not be collected, or does not apply. */
static __always_inline void store_empty(struct event *ev)
{
	store_length(ev, 0);
}

/* Descriptors and pids: 32-bit arguments in 64-bit registers, widened with their sign. */
static __always_inline void store_fd(struct event *ev, u64 arg)
{
	store_s64(ev, (s32)arg);
}

/* AT_FDCWD is -100 on every architecture and in the format. */
static __always_inline void store_dirfd(struct event *ev, u64 arg)
{
	store_s64(ev, (s32)arg);
}

static __always_inline void store_unreadable(struct event *ev)
{
	COUNT(ev->cpu, unreadable);
	store_length(ev, 0);
}

/* Text from user memory with its NUL, up to `max` bytes. */
static __always_inline void store_user_text(struct event *ev, u64 address, u32 max)
{
	s64 result;
	u64 len;

	if (!address) {
		store_empty(ev);
		return;
	}
	result = bpf_probe_read_user_str(value_slot(ev), max, (void *)address);
	if (result < 0) {
		store_unreadable(ev);
		return;
	}
	len = result;
	CLAMP(len, max);
	advance(ev, len);
	store_length(ev, len);
}

static __always_inline void store_user_path(struct event *ev, u64 address)
{
	store_user_text(ev, address, PATH_MAX);
}

/* Text from kernel memory with its NUL, up to `max` bytes. */
static __always_inline void store_kernel_text(struct event *ev, const void *address, u32 max)
{
	s64 result = bpf_probe_read_kernel_str(value_slot(ev), max, address);
	u64 len;

	if (result < 0) {
		store_unreadable(ev);
		return;
	}
	len = result;
	CLAMP(len, max);
	advance(ev, len);
	store_length(ev, len);
}

/* Bytes from user memory: all of them or none. */
static __always_inline void store_user_bytes(struct event *ev, u64 address, u64 len)
{
	if (!address || !len) {
		store_empty(ev);
		return;
	}
	CLAMP(len, RECORD_MASK);
	if (bpf_probe_read_user(value_slot(ev), len, (void *)address)) {
		store_unreadable(ev);
		return;
	}
	advance(ev, len);
	store_length(ev, len);
}

/* How many bytes of payload to keep. */
static __always_inline u64 snaplen(void)
{
	struct probe_config *cfg = current_config();

	return cfg ? cfg->snaplen : 0;
}

/* Payload of a call that moved `moved` bytes through a plain buffer. */
static __always_inline void store_payload(struct event *ev, u64 address, s64 moved)
{
	u64 max = snaplen();
	u64 len;

	if (moved <= 0) {
		store_empty(ev);
		return;
	}
	len = moved;
	if (len > max)
		len = max;
	store_user_bytes(ev, address, len);
}

/* Payload of a sending call: of a failed one, what it tried to send. */
static __always_inline void store_sent_payload(struct event *ev, u64 address, s64 ret, u64 offered)
{
	store_payload(ev, address, ret > 0 ? ret : (s64)(offered & 0x7fffffffffffffff));
}
