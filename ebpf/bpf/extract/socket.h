/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* Extract socket addresses and connection tuples, and store them. */
#pragma once

#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10

#define SOCKADDR_MAX 128
#define SUN_PATH_OFFSET 2
#define SUN_PATH_MAX 108

enum direction {
	OUTBOUND, /* source is the local end */
	INBOUND, /* source is the remote end */
};

/* Addresses as user space passes them: bytes of struct sockaddr_in and sockaddr_in6. */
struct user_sockaddr_in {
	u16 family;
	__be16 port;
	u8 address[4];
};

struct user_sockaddr_in6 {
	u16 family;
	__be16 port;
	u32 flowinfo;
	u8 address[16];
};

/* The kernel's socket behind a descriptor of the current process, or NULL. */
static __always_inline struct sock *sock_of_fd(s64 fd)
{
	struct file *file = file_of_fd(fd);
	struct socket *socket;

	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return NULL;
	socket = BPF_CORE_READ(file, private_data);
	return BPF_CORE_READ(socket, sk);
}

static __always_inline u16 sock_family(struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_family);
}

/* Family and port in the byte orders of the format. */
static __always_inline u16 host_port(__be16 port)
{
	return __builtin_bswap16(port);
}

/* Appends bytes to the value under construction; the length is added up by the caller. */
static __always_inline void append(struct event *ev, const void *bytes, u32 len)
{
	__builtin_memcpy(value_slot(ev), bytes, len);
	ev->at += len;
}

#define APPEND(ev, value) append(ev, &(value), sizeof(value))

/*
 * Copies an address argument to the second buffer: all of it or nothing. Returns its length, at
 * most SOCKADDR_MAX; what follows it is zero.
 */
static __always_inline u64 read_sockaddr(struct event *ev, u64 address, u64 len)
{
	u8 *to = ev->scratch->aux;

	if (!address || len < sizeof(u16))
		return 0;
	__builtin_memset(to, 0, SOCKADDR_MAX + 8);
	CLAMP(len, SOCKADDR_MAX);
	if (bpf_probe_read_user(to, len, (void *)address)) {
		COUNT(ev->cpu, unreadable);
		return 0;
	}
	return len;
}

/* The path of a unix address in the second buffer, with its NUL: 1 to SUN_PATH_MAX + 1 bytes. */
static __always_inline void append_sockaddr_path(struct event *ev, u64 len)
{
	const u8 *path = ev->scratch->aux + SUN_PATH_OFFSET;
	s64 result;
	u64 bytes;

	/* Abstract: the leading NUL is skipped. */
	if (!path[0])
		path++;
	result = bpf_probe_read_kernel_str(value_slot(ev), SUN_PATH_MAX + 1, path);
	bytes = result > 0 ? result : 1;
	CLAMP(bytes, SUN_PATH_MAX + 1);
	advance(ev, bytes);
}

/* An address argument: family, address, port; or family and path. */
static __always_inline void store_sockaddr(struct event *ev, u64 address, u64 address_len)
{
	u64 len = read_sockaddr(ev, address, (u32)address_len);
	const struct user_sockaddr_in *v4 = (void *)ev->scratch->aux;
	const struct user_sockaddr_in6 *v6 = (void *)ev->scratch->aux;
	u64 before = ev->at;
	u8 family = v4->family;
	u16 port;

	if (!len) {
		store_empty(ev);
		return;
	}
	if (v4->family == AF_INET && len >= sizeof(*v4)) {
		port = host_port(v4->port);
		APPEND(ev, family);
		append(ev, v4->address, 4);
		APPEND(ev, port);
		store_length(ev, 7);
	} else if (v4->family == AF_INET6 && len >= sizeof(*v6)) {
		port = host_port(v6->port);
		APPEND(ev, family);
		append(ev, v6->address, 16);
		APPEND(ev, port);
		store_length(ev, 19);
	} else if (v4->family == AF_UNIX) {
		APPEND(ev, family);
		append_sockaddr_path(ev, len);
		store_length(ev, ev->at - before);
	} else {
		store_empty(ev);
	}
	/* The branches move on by different amounts. */
	advance(ev, 0);
}

/* Appends the name a unix socket is bound to, with its NUL; just the NUL when it has none. */
static __always_inline void append_bound_path(struct event *ev, struct sock *sk)
{
	struct unix_sock *un = (void *)sk;
	struct unix_address *address = BPF_CORE_READ(un, addr);
	const char *path = TRAILING_ARRAY(address, name) + SUN_PATH_OFFSET;
	s64 result = 0;
	char first = 0;
	u64 bytes = 1;

	*value_slot(ev) = 0;
	if (address) {
		READ_AT(first, path);
		if (!first)
			path++;
		result = bpf_probe_read_kernel_str(value_slot(ev), SUN_PATH_MAX + 1, path);
		bytes = result > 0 ? result : 1;
	}
	CLAMP(bytes, SUN_PATH_MAX + 1);
	advance(ev, bytes);
}

static __always_inline void store_tuple_v4(struct event *ev, struct sock *sk, enum direction direction,
					   u64 address, u64 address_len)
{
	struct inet_sock *inet = (void *)sk;
	const struct user_sockaddr_in *named = (void *)ev->scratch->aux;
	u8 family = AF_INET;
	u32 local_ip = BPF_CORE_READ(inet, inet_saddr);
	u16 local_port = host_port(BPF_CORE_READ(inet, inet_sport));
	u32 remote_ip = BPF_CORE_READ(sk, __sk_common.skc_daddr);
	u16 remote_port = host_port(BPF_CORE_READ(sk, __sk_common.skc_dport));

	/* Unconnected: the other end is the address argument's. */
	if (!remote_port && read_sockaddr(ev, address, address_len) >= sizeof(*named) &&
	    named->family == AF_INET) {
		__builtin_memcpy(&remote_ip, named->address, 4);
		remote_port = host_port(named->port);
	}
	APPEND(ev, family);
	if (direction == OUTBOUND) {
		APPEND(ev, local_ip);
		APPEND(ev, local_port);
		APPEND(ev, remote_ip);
		APPEND(ev, remote_port);
	} else {
		APPEND(ev, remote_ip);
		APPEND(ev, remote_port);
		APPEND(ev, local_ip);
		APPEND(ev, local_port);
	}
	store_length(ev, 13);
}

static __always_inline void store_tuple_v6(struct event *ev, struct sock *sk, enum direction direction,
					   u64 address, u64 address_len)
{
	struct inet_sock *inet = (void *)sk;
	const struct user_sockaddr_in6 *named = (void *)ev->scratch->aux;
	struct in6_addr local_ip = {}, remote_ip = {};
	struct ipv6_pinfo *info = BPF_CORE_READ(inet, pinet6);
	u8 family = AF_INET6;
	u16 local_port = host_port(BPF_CORE_READ(inet, inet_sport));
	u16 remote_port = host_port(BPF_CORE_READ(sk, __sk_common.skc_dport));

	bpf_core_read(&local_ip, sizeof(local_ip), &info->saddr);
	bpf_core_read(&remote_ip, sizeof(remote_ip), &sk->__sk_common.skc_v6_daddr);
	if (!remote_port && read_sockaddr(ev, address, address_len) >= sizeof(*named) &&
	    named->family == AF_INET6) {
		__builtin_memcpy(&remote_ip, named->address, 16);
		remote_port = host_port(named->port);
	}
	APPEND(ev, family);
	if (direction == OUTBOUND) {
		APPEND(ev, local_ip);
		APPEND(ev, local_port);
		APPEND(ev, remote_ip);
		APPEND(ev, remote_port);
	} else {
		APPEND(ev, remote_ip);
		APPEND(ev, remote_port);
		APPEND(ev, local_ip);
		APPEND(ev, local_port);
	}
	store_length(ev, 37);
}

static __always_inline void store_tuple_unix(struct event *ev, struct sock *sk, enum direction direction,
					     u64 address, u64 address_len)
{
	struct unix_sock *un = (void *)sk;
	struct sock *peer = BPF_CORE_READ(un, peer);
	u8 family = AF_UNIX;
	u64 before = ev->at;
	u64 own = (u64)sk, other = (u64)peer;
	u64 len;

	APPEND(ev, family);
	/* First the destination, then the source; the name is the destination's. */
	if (direction == OUTBOUND) {
		APPEND(ev, other);
		APPEND(ev, own);
		len = peer ? 0 : read_sockaddr(ev, address, address_len);
		if (peer || !len)
			append_bound_path(ev, peer);
		else
			append_sockaddr_path(ev, len);
	} else {
		APPEND(ev, own);
		APPEND(ev, other);
		append_bound_path(ev, sk);
	}
	store_length(ev, ev->at - before);
}

/* The tuple of a socket; empty for families other than these three. */
static __always_inline void store_tuple(struct event *ev, struct sock *sk, enum direction direction,
					u64 address, u64 address_len)
{
	u16 family;

	if (!sk) {
		store_empty(ev);
		return;
	}
	family = sock_family(sk);
	address_len = (u32)address_len;
	if (family == AF_INET)
		store_tuple_v4(ev, sk, direction, address, address_len);
	else if (family == AF_INET6)
		store_tuple_v6(ev, sk, direction, address, address_len);
	else if (family == AF_UNIX)
		store_tuple_unix(ev, sk, direction, address, address_len);
	else
		store_empty(ev);
	advance(ev, 0);
}

/* The tuple of the socket in the first argument; empty when the call failed. */
static __always_inline void store_tuple_of_call(struct event *ev, const struct call *call,
						enum direction direction, u64 address,
						u64 address_len)
{
	if (call->ret < 0) {
		store_empty(ev);
		return;
	}
	store_tuple(ev, sock_of_fd((s32)call->args[0]), direction, address, address_len);
}

/* The length behind a value-result pointer, 0 without one. */
static __always_inline u32 sockaddr_len(u64 pointer)
{
	u32 len = 0;

	if (pointer)
		bpf_probe_read_user(&len, sizeof(len), (void *)pointer);
	return len;
}
