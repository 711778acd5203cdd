/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* Extract and store the cgroups of a task. */
#pragma once

/* More components than that lose the upper ones. */
#define CGROUP_COMPONENTS 6

/* Appends text without its NUL to the value under construction. */
static __always_inline void append_kernel_text(struct event *ev, const void *text)
{
	s64 result = bpf_probe_read_kernel_str(value_slot(ev), NAME_MAX + 1, text);
	u64 len = result > 0 ? result - 1 : 0;

	CLAMP(len, NAME_MAX);
	advance(ev, len);
}

static __always_inline void append_byte(struct event *ev, u8 byte)
{
	*value_slot(ev) = byte;
	advance(ev, 1);
}

/* Appends `name=path` and a NUL for one controller. */
static __always_inline void append_cgroup(struct event *ev, struct css_set *cgroups, u32 controller,
					  const char *name, u32 name_len)
{
	const char *components[CGROUP_COMPONENTS] = {};
	struct cgroup_subsys_state *state = NULL;
	struct kernfs_node *node, *parent;
	bool cut = false;

	READ_AT(state, (void *)cgroups + bpf_core_field_offset(cgroups->subsys) +
			       controller * sizeof(state));
	node = BPF_CORE_READ(state, cgroup, kn);
	for (int i = 0; i < CGROUP_COMPONENTS; i++) {
		parent = kernfs_parent(node);
		if (!parent)
			break;
		components[i] = BPF_CORE_READ(node, name);
		node = parent;
	}
	/* Something is left above: the format marks that by one more slash. */
	cut = components[CGROUP_COMPONENTS - 1] && kernfs_parent(node);

	bpf_probe_read_kernel(value_slot(ev), name_len, name);
	advance(ev, name_len);
	append_byte(ev, '=');
	if (cut || !components[0])
		append_byte(ev, '/');
	for (int i = CGROUP_COMPONENTS - 1; i >= 0; i--) {
		if (!components[i])
			continue;
		append_byte(ev, '/');
		append_kernel_text(ev, components[i]);
	}
	append_byte(ev, 0);
}

#define APPEND_CGROUP(ev, cgroups, id, name)                                                       \
	do {                                                                                       \
		static const char name__[] = name;                                                 \
		if (bpf_core_enum_value_exists(enum cgroup_subsys_id, id))                         \
			append_cgroup(ev, cgroups,                                                 \
				      bpf_core_enum_value(enum cgroup_subsys_id, id), name__,      \
				      sizeof(name__) - 1);                                         \
	} while (0)

static __always_inline void store_cgroups(struct event *ev, struct task_struct *task)
{
	struct css_set *cgroups = BPF_CORE_READ(task, cgroups);
	u64 before = ev->at;

	APPEND_CGROUP(ev, cgroups, cpuset_cgrp_id, "cpuset");
	APPEND_CGROUP(ev, cgroups, cpu_cgrp_id, "cpu");
	APPEND_CGROUP(ev, cgroups, cpuacct_cgrp_id, "cpuacct");
	APPEND_CGROUP(ev, cgroups, io_cgrp_id, "io");
	APPEND_CGROUP(ev, cgroups, memory_cgrp_id, "memory");
	store_length(ev, ev->at - before);
}
