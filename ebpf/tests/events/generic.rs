//! Calls without an event of their own, and calls of 32-bit programs.

use core::arch::asm;

use capture_format::table::{Arch, syscall_by_name, syscall_by_number};

use crate::harness::{enter_type, exit_type, int, names, record};

#[test]
fn generic_events_name_the_call() {
    let Some(run) = record(|| sys!(SYS_getppid)) else {
        return;
    };
    let code = syscall_by_name("getppid").expect("known").code;
    let number = libc::SYS_getppid;
    let [enter] = run.generic(run.tid, enter_type("getppid"), "getppid");
    expect!(enter, u32::from(code) as i32, number);
    let [exit] = run.generic(run.tid, exit_type("getppid"), "getppid");
    assert_eq!(int(exit, 1), code.into());
    assert_eq!(int(exit, 2), number.into());
    expect!(exit, u32::from(code) as i32, number, run.value);
}

#[test]
fn generic_exits_carry_result_and_arguments() {
    let mut buffer = [0u8; 64];
    let at = buffer.as_mut_ptr() as u64;
    let Some(run) = record(|| {
        sys!(SYS_readlink, c"/nowhere".as_ptr(), at, 64);
        sys!(SYS_faccessat, -7, c"name".as_ptr(), libc::W_OK);
        sys!(SYS_getpriority, 99, -1);
    }) else {
        return;
    };
    let code = |call| i32::from(syscall_by_name(call).expect("known").code);
    let exit = |call| {
        let [event] = run.generic(run.tid, exit_type(call), call);
        event
    };
    let (native, missing) = (libc::SYS_readlink, -libc::ENOENT);
    expect!(
        exit("readlink"),
        code("readlink"),
        native,
        missing,
        c"/nowhere",
        at,
        64
    );
    let native = libc::SYS_faccessat;
    let bad = -libc::EBADF;
    expect!(
        exit("faccessat"),
        code("faccessat"),
        native,
        bad,
        -7,
        c"name",
        libc::W_OK
    );
    let native = libc::SYS_getpriority;
    let wrong = -libc::EINVAL;
    expect!(
        exit("getpriority"),
        code("getpriority"),
        native,
        wrong,
        99,
        -1
    );
}

/// Makes a call as 32-bit programs do. The kernel returns a 32-bit result.
fn int80(number: u32, args: [u32; 3]) -> i32 {
    let result: u32;
    // SAFETY: the arguments are numbers and addresses below 4 GiB that outlive the call. The gate
    // keeps all registers but rax and clears r8 to r11. rbx cannot be named as an operand.
    unsafe {
        asm!(
            "xchg {first:r}, rbx",
            "int 0x80",
            "xchg {first:r}, rbx",
            first = inout(reg) u64::from(args[0]) => _,
            inlateout("eax") number => result,
            in("ecx") args[1],
            in("edx") args[2],
            out("r8") _,
            out("r9") _,
            out("r10") _,
            out("r11") _,
        );
    }
    result.cast_signed()
}

/// A page below 4 GiB.
struct LowPage(i64);

impl LowPage {
    fn new() -> LowPage {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_32BIT;
        let prot = libc::PROT_READ | libc::PROT_WRITE;
        let at = sys!(SYS_mmap, 0, 4096, prot, flags, -1, 0);
        assert!(at > 0 && at < 1 << 32, "mmap: {at:#x}");
        LowPage(at)
    }

    fn put(&self, offset: usize, bytes: &[u8]) -> u32 {
        assert!(offset + bytes.len() <= 4096);
        // SAFETY: the range lies in the page, which is mapped until the value is dropped.
        unsafe {
            std::ptr::copy_nonoverlapping(
                bytes.as_ptr(),
                (self.0 as *mut u8).add(offset),
                bytes.len(),
            );
        }
        u32::try_from(self.0).expect("below 4 GiB") + offset as u32
    }
}

impl Drop for LowPage {
    fn drop(&mut self) {
        sys!(SYS_munmap, self.0, 4096);
    }
}

// Numbers of arch/x86/entry/syscalls/syscall_32.tbl.
const WRITE: u32 = 4;
const OPEN: u32 = 5;
const GETPPID: u32 = 64;
const SOCKETCALL: u32 = 102;
const WRITEV: u32 = 146;
const SOCKET: u32 = 1;

/// Whether the kernel takes 32-bit calls; it may be built or booted without them.
fn compat_calls_work() -> bool {
    // SAFETY: a child that may be killed by the gate; it does nothing else.
    let (_, status) = crate::harness::in_child(|| (int80(20, [0; 3]) <= 0).into());
    if status != 0 {
        crate::harness::skipped("the kernel takes no 32-bit calls");
    }
    status == 0
}

#[test]
fn calls_of_32_bit_programs_are_decoded() {
    if !compat_calls_work() {
        return;
    }
    let Some(run) = record(|| {
        let page = LowPage::new();
        let path = page.put(0, b"/nowhere/32\0");
        let data = page.put(64, b"32 bits");
        let mut vector = Vec::new();
        for word in [data, 3, data + 3, 4] {
            vector.extend(word.to_le_bytes());
        }
        let vector = page.put(128, &vector);
        let mut socket = Vec::new();
        for word in [libc::AF_INET, libc::SOCK_DGRAM, 0] {
            socket.extend(word.to_le_bytes());
        }
        let socket = page.put(256, &socket);
        int80(OPEN, [path, libc::O_RDWR as u32, 0]);
        int80(WRITE, [u32::MAX, data, 7]);
        int80(WRITEV, [u32::MAX, vector, 2]);
        (
            int80(SOCKETCALL, [SOCKET, socket, 0]),
            int80(GETPPID, [0; 3]),
        )
    }) else {
        return;
    };
    let bad = -libc::EBADF;
    let path = c"/nowhere/32";
    expect!(run.enter("open"), path, names("O_RDWR"), 0);
    expect!(
        run.exit("open"),
        -libc::ENOENT,
        path,
        names("O_RDWR"),
        0,
        0,
        0
    );
    expect!(run.exit("write"), bad, b"32 bits", -1, 7);
    expect!(run.exit("writev"), bad, b"32 bits", -1, 7);
    let (fd, _) = run.value;
    assert!(fd > 0);
    expect!(run.enter("socket"), names("AF_INET"), 2, 0);
    expect!(run.exit("socket"), fd, names("AF_INET"), 2, 0, 0);
    let [event] = run.generic(run.tid, exit_type("getppid"), "getppid");
    let code = syscall_by_name("getppid").expect("known").code;
    assert_eq!(int(event, 1), code.into());
    assert_eq!(int(event, 2), GETPPID.into());
    let known = syscall_by_number(Arch::Ia32, GETPPID as u16).map(|call| call.name);
    assert_eq!(known, Some("getppid"));
}
