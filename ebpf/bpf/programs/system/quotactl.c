// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * quotactl(2).
 * Enter: 1 cmd, 2 type, 3 id, 4 quota_fmt.
 * Exit: 1 res, 2 special, 3 quotafilepath, 4 dqb_bhardlimit, 5 dqb_bsoftlimit, 6 dqb_curspace,
 *   7 dqb_ihardlimit, 8 dqb_isoftlimit, 9 dqb_btime, 10 dqb_itime, 11 dqi_bgrace, 12 dqi_igrace,
 *   13 dqi_flags, 14 quota_fmt_out, 15 cmd, 16 type, 17 id, 18 quota_fmt.
 */

/* The first argument: command above, type of quota in the low byte. */
#define QUOTA_CMD(arg) ((u32)(arg) >> 8)
#define QUOTA_TYPE(arg) ((u32)(arg) & 0xff)

#define Q_QUOTAON 0x800002
#define Q_GETFMT 0x800004
#define Q_GETINFO 0x800005
#define Q_SETINFO 0x800006
#define Q_GETQUOTA 0x800007
#define Q_SETQUOTA 0x800008
#define Q_XGETQUOTA 0x5803
#define Q_XSETQLIM 0x5804

/* struct if_dqblk and if_dqinfo, include/uapi/linux/quota.h. */
struct user_dqblk {
	u64 bhardlimit;
	u64 bsoftlimit;
	u64 curspace;
	u64 ihardlimit;
	u64 isoftlimit;
	u64 curinodes;
	u64 btime;
	u64 itime;
};

struct user_dqinfo {
	u64 bgrace;
	u64 igrace;
	u32 flags;
};

/* The id argument is an id for these commands only. */
static __always_inline u32 quota_id(const struct call *call)
{
	u32 cmd = QUOTA_CMD(ARG(0));

	if (cmd == Q_GETQUOTA || cmd == Q_SETQUOTA || cmd == Q_XGETQUOTA || cmd == Q_XSETQLIM)
		return ARG(2);
	return 0;
}

/* For Q_QUOTAON it is a format. */
static __always_inline u8 quota_format(const struct call *call)
{
	return quotactl_format(QUOTA_CMD(ARG(0)) == Q_QUOTAON ? ARG(2) : 0);
}

SYSCALL_ENTER(SYSCALL_QUOTACTL_E)
{
	store_u16(ev, quotactl_cmd(QUOTA_CMD(ARG(0))));
	store_u8(ev, quotactl_type(QUOTA_TYPE(ARG(0))));
	store_u32(ev, quota_id(call));
	store_u8(ev, quota_format(call));
}

SYSCALL_EXIT(SYSCALL_QUOTACTL_X)
{
	u32 cmd = QUOTA_CMD(ARG(0));
	struct user_dqblk block = {};
	struct user_dqinfo info = {};
	u32 format = 0;

	if (cmd == Q_GETQUOTA || cmd == Q_SETQUOTA)
		bpf_probe_read_user(&block, sizeof(block), (void *)ARG(3));
	if (cmd == Q_GETINFO || cmd == Q_SETINFO)
		bpf_probe_read_user(&info, sizeof(info), (void *)ARG(3));
	if (cmd == Q_GETFMT && RET == 0)
		bpf_probe_read_user(&format, sizeof(format), (void *)ARG(3));

	store_s64(ev, RET);
	store_user_path(ev, ARG(1));
	if (cmd == Q_QUOTAON)
		store_user_path(ev, ARG(3));
	else
		store_empty(ev);
	store_u64(ev, block.bhardlimit);
	store_u64(ev, block.bsoftlimit);
	store_u64(ev, block.curspace);
	store_u64(ev, block.ihardlimit);
	store_u64(ev, block.isoftlimit);
	store_u64(ev, block.btime);
	store_u64(ev, block.itime);
	store_u64(ev, info.bgrace);
	store_u64(ev, info.igrace);
	store_u8(ev, info.flags & 1 ? QUOTACTL_DQI_FLAGS__V1_DQF_RSQUASH
				    : QUOTACTL_DQI_FLAGS__DQF_NONE);
	store_u8(ev, quotactl_format(format));
	store_u16(ev, quotactl_cmd(cmd));
	store_u8(ev, quotactl_type(QUOTA_TYPE(ARG(0))));
	store_u32(ev, quota_id(call));
	store_u8(ev, quota_format(call));
}
