/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* Linux values to those of the format. The pairs are generated, the rules around them are not. */
#pragma once

#define CONVERT_BIT(from, to)                                                                      \
	if (value & (from))                                                                        \
		out |= (to);

/* Bits, translated one by one; a pair of several bits counts when any of them is set. */
#define BITS(name, NAME)                                                                           \
	static __always_inline u32 name(u64 value)                                                 \
	{                                                                                          \
		u32 out = 0;                                                                       \
                                                                                                   \
		CONVERT_##NAME(CONVERT_BIT) return out;                                            \
	}

#define MAP_VALUE(from, to)                                                                        \
	case (from):                                                                               \
		return (to);

/* Exclusive values; anything unknown is 0. */
#define VALUES(name, NAME)                                                                         \
	static __always_inline u32 name(u64 value)                                                 \
	{                                                                                          \
		switch ((u32)value) {                                                              \
			MAP_##NAME(MAP_VALUE)                                                      \
		}                                                                                  \
		return 0;                                                                          \
	}

BITS(clone_flags, CLONE_FLAGS)
BITS(execveat_flags, EXECVEAT_FLAGS)
