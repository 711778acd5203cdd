/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* Extract payload scattered over several buffers, message headers, and lists of descriptors. */
#pragma once

/* Elements of a vector that are followed. */
#define VECTOR_ELEMENTS 32
#define POLL_ELEMENTS 16

struct user_iovec {
	u64 base;
	u64 len;
};

struct compat_iovec {
	u32 base;
	u32 len;
};

/* What the calls with a message header need of it. */
struct message {
	u64 name;
	u32 name_len;
	u64 vector;
	u64 vector_len;
	u64 control;
	u64 control_len;
};

/* struct user_msghdr, include/linux/socket.h, and its 32-bit form, include/net/compat.h. */
struct user_msghdr {
	u64 name;
	s32 name_len;
	u32 pad1;
	u64 vector;
	u64 vector_len;
	u64 control;
	u64 control_len;
	u32 flags;
	u32 pad2;
};

struct compat_msghdr {
	u32 name;
	s32 name_len;
	u32 vector;
	u32 vector_len;
	u32 control;
	u32 control_len;
	u32 flags;
};

static __always_inline bool read_message(const struct call *call, u64 address, struct message *msg)
{
	struct user_msghdr native = {};
	struct compat_msghdr narrow = {};

	if (call->compat) {
		if (bpf_probe_read_user(&narrow, sizeof(narrow), (void *)address))
			return false;
		msg->name = narrow.name;
		msg->name_len = narrow.name_len;
		msg->vector = narrow.vector;
		msg->vector_len = narrow.vector_len;
		msg->control = narrow.control;
		msg->control_len = narrow.control_len;
		return true;
	}
	if (bpf_probe_read_user(&native, sizeof(native), (void *)address))
		return false;
	msg->name = native.name;
	msg->name_len = native.name_len;
	msg->vector = native.vector;
	msg->vector_len = native.vector_len;
	msg->control = native.control;
	msg->control_len = native.control_len;
	return true;
}

/* struct mmsghdr is a message header and a length, padded to the header's alignment. */
#define MMSGHDR_SIZE 64
#define COMPAT_MMSGHDR_SIZE 32
/* UIO_MAXIOV: what the kernel takes in one call. */
#define MESSAGES_MAX 1024

/* Address of message `index` of a call for many, and how many bytes of it went through. */
static __always_inline u64 message_of_many(const struct call *call, u32 index, u32 *len)
{
	u64 size = call->compat ? COMPAT_MMSGHDR_SIZE : MMSGHDR_SIZE;
	u64 address = call->args[1] + index * size;
	u64 header = call->compat ? sizeof(struct compat_msghdr) : sizeof(struct user_msghdr);

	bpf_probe_read_user(len, sizeof(*len), (void *)(address + header));
	return address;
}

/* Copies the vector's first elements to the second buffer. Returns how many, 0 if unreadable. */
static __always_inline u32 read_vector(struct event *ev, const struct call *call, u64 vector,
				       u64 count)
{
	u64 element = call->compat ? sizeof(struct compat_iovec) : sizeof(struct user_iovec);
	u64 bytes;

	if (count > VECTOR_ELEMENTS)
		count = VECTOR_ELEMENTS;
	bytes = count * element;
	CLAMP(bytes, VECTOR_ELEMENTS * sizeof(struct user_iovec));
	if (!bytes || bpf_probe_read_user(ev->scratch->aux, bytes, (void *)vector))
		return 0;
	return count;
}

static __always_inline struct user_iovec vector_element(struct scratch *scratch, u32 index)
{
	const struct compat_iovec *narrow = (void *)scratch->aux;
	const struct user_iovec *native = (void *)scratch->aux;
	struct user_iovec element;
	u64 i = index;

	/* For the verifier, which forgets the callers' checks; VECTOR_ELEMENTS is a power of two. */
	OPAQUE(i);
	i &= VECTOR_ELEMENTS - 1;
	if (!scratch->call.compat)
		return native[i];
	element.base = narrow[i].base;
	element.len = narrow[i].len;
	return element;
}

/* Length of one element in the second buffer. A global function: see struct walk. */
__noinline int vector_element_len(u32 index)
{
	struct scratch *scratch = scratch_current();

	if (!scratch || index >= VECTOR_ELEMENTS)
		return 0;
	return vector_element(scratch, index).len;
}

/* Sum of the lengths of `count` elements in the second buffer, 32 bits wide. */
static __always_inline u32 vector_size(struct event *ev, const struct call *call, u32 count)
{
	u32 size = 0;

	for (u32 i = 0; i < VECTOR_ELEMENTS; i++) {
		if (i >= count)
			break;
		size += vector_element_len(i);
	}
	return size;
}

/*
 * Appends one element's contents to the record, up to walk.left bytes. Nonzero ends the walk.
 * A global function: see struct walk.
 */
__noinline int gather_element(u32 index)
{
	struct scratch *scratch = scratch_current();
	struct user_iovec element;
	u64 at, len, left;

	if (!scratch || index >= VECTOR_ELEMENTS)
		return 1;
	element = vector_element(scratch, index);
	left = scratch->walk.left;
	len = element.len < left ? element.len : left;
	if (!len)
		return !left;
	at = scratch->at;
	OPAQUE(at);
	CLAMP(len, RECORD_MASK);
	if (bpf_probe_read_user(&scratch->record[at & RECORD_MASK], len, (void *)element.base)) {
		COUNT(bpf_get_smp_processor_id(), unreadable);
		return 1;
	}
	scratch->at += len;
	scratch->walk.left = left - len;
	return 0;
}

/*
 * Stores the contents of `count` elements in the second buffer, one after the other, up to
 * `limit` bytes in all. An unreadable element ends the walk; what came before is kept.
 */
static __always_inline void store_gathered(struct event *ev, const struct call *call, u32 count,
					   u64 limit)
{
	u64 before = ev->at;

	ev->scratch->at = ev->at;
	ev->scratch->walk.left = limit;
	for (u32 i = 0; i < VECTOR_ELEMENTS; i++) {
		if (i >= count || gather_element(i))
			break;
	}
	ev->at = *(volatile u64 *)&ev->scratch->at;
	store_length(ev, ev->at - before);
}

/* How many bytes of a vector to keep when `moved` were moved. */
static __always_inline u64 gather_limit(s64 moved)
{
	u64 limit = snaplen();

	return moved > 0 && (u64)moved < limit ? (u64)moved : limit;
}

struct user_pollfd {
	s32 fd;
	u16 events;
	u16 revents;
};

/* Descriptors of poll: count, then descriptor and flags of each. */
static __always_inline void store_poll_fds(struct event *ev, u64 fds, u64 count, bool returned)
{
	const struct user_pollfd *list = (void *)ev->scratch->aux;
	u64 before = ev->at;
	u16 stored = 0;
	u64 bytes;

	if (count > POLL_ELEMENTS)
		count = POLL_ELEMENTS;
	bytes = count * sizeof(struct user_pollfd);
	CLAMP(bytes, POLL_ELEMENTS * sizeof(struct user_pollfd));
	if (bytes && !bpf_probe_read_user(ev->scratch->aux, bytes, (void *)fds))
		stored = count;
	*(u16 *)value_slot(ev) = stored;
	advance(ev, sizeof(stored));
	for (u32 i = 0; i < POLL_ELEMENTS; i++) {
		s64 fd;
		u16 flags;

		if (i >= stored)
			break;
		fd = list[i].fd;
		flags = poll_events(returned ? list[i].revents : list[i].events);
		*(s64 *)value_slot(ev) = fd;
		advance(ev, sizeof(fd));
		*(u16 *)value_slot(ev) = flags;
		advance(ev, sizeof(flags));
	}
	store_length(ev, ev->at - before);
}

/* A pair of 32-bit descriptors that the call wrote, or -1 twice. */
static __always_inline void store_fd_pair(struct event *ev, u64 address, s64 ret)
{
	s32 fds[2] = { -1, -1 };

	if (ret >= 0 && bpf_probe_read_user(fds, sizeof(fds), (void *)address)) {
		fds[0] = -1;
		fds[1] = -1;
	}
	store_s64(ev, fds[0]);
	store_s64(ev, fds[1]);
}

struct user_timespec {
	s64 seconds;
	s64 nanoseconds;
};

struct compat_timespec {
	s32 seconds;
	s32 nanoseconds;
};

/* A struct timespec in nanoseconds, 0 when it cannot be read. `narrow` for its 32-bit form. */
static __always_inline u64 read_timespec_ns(u64 address, bool narrow)
{
	struct user_timespec time = {};
	struct compat_timespec small = {};

	if (!address)
		return 0;
	if (narrow) {
		bpf_probe_read_user(&small, sizeof(small), (void *)address);
		return (u64)small.seconds * 1000000000ULL + small.nanoseconds;
	}
	bpf_probe_read_user(&time, sizeof(time), (void *)address);
	return (u64)time.seconds * 1000000000ULL + time.nanoseconds;
}

/* A struct timeval in nanoseconds, 0 when it cannot be read. */
static __always_inline u64 read_timeval_ns(u64 address, bool narrow)
{
	u64 whole = 0, micro = 0;

	if (narrow) {
		bpf_probe_read_user(&whole, 4, (void *)address);
		bpf_probe_read_user(&micro, 4, (void *)address + 4);
	} else {
		bpf_probe_read_user(&whole, 8, (void *)address);
		bpf_probe_read_user(&micro, 8, (void *)address + 8);
	}
	return whole * 1000000000ULL + micro * 1000;
}

struct user_rlimit {
	s64 soft;
	s64 hard;
};

/* A limit behind a pointer, or twice the default when it cannot be read. */
static __always_inline struct user_rlimit read_rlimit(const struct call *call, u64 address,
						      s64 otherwise, bool narrow)
{
	struct user_rlimit limit = { otherwise, otherwise };
	s32 small[2] = {};

	if (!address)
		return limit;
	if (narrow) {
		/* Sign-extended: the largest 32-bit value is infinity too. */
		if (!bpf_probe_read_user(small, sizeof(small), (void *)address)) {
			limit.soft = small[0];
			limit.hard = small[1];
		}
		return limit;
	}
	if (bpf_probe_read_user(&limit, sizeof(limit), (void *)address)) {
		limit.soft = otherwise;
		limit.hard = otherwise;
	}
	return limit;
}

/* A 32-bit number behind a pointer, 0 when it cannot be read. */
static __always_inline u32 user_u32(u64 address)
{
	u32 value = 0;

	bpf_probe_read_user(&value, sizeof(value), (void *)address);
	return value;
}

/* What a receiving call has put into a vector; empty when it got nothing. */
static __always_inline void store_received_vector(struct event *ev, const struct call *call,
						  u64 vector, u64 vector_len, s64 received)
{
	if (received <= 0) {
		store_empty(ev);
		return;
	}
	store_gathered(ev, call, read_vector(ev, call, vector, vector_len),
		       gather_limit(received));
}
